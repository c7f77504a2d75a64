import { ApiDatabase, DepartureRepository, type HeldInstance, QuotaLedgerRepository } from '@kilonova/api-db';
import { InstanceRepository } from '@kilonova/cell-db';
import { CellRegistry } from '@kilonova/cells';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { SweepTimes } from './sweep-times.js';

/** Holdings a page, and pages a run: 10,000 each time, the rest in later runs. */
const PAGE = 500;
const PAGES = 20;
/** Projects whose totals are put right in a run, at most. */
const PROJECTS = 100;
const FIRST = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class QuotaStores {
  constructor(
    readonly departures: DepartureRepository,
    readonly ledger: QuotaLedgerRepository,
    readonly instances: InstanceRepository,
  ) {}
}

/**
 * Compares the ledger of quotas with the instances there are. A holding is given back when two rounds in a row found neither a
 * build request nor, in the cell that it is mapped to, an instance: who was to settle a delete ended in between. The API
 * database is read first, then the cells: an instance has its row in a cell before it loses its build request. What is
 * mapped to a cell that does not answer is left alone. Then totals are compared with the sum of the holdings.
 */
@Injectable()
export class CompareQuota implements Job {
  readonly name = 'compare quota with instances';
  readonly exclusive = true;
  #after = FIRST;
  /** Of the last whole round over the ledger, and of this one so far. */
  #suspects = new Set<string>();
  #seen = new Set<string>();

  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly stores: QuotaStores,
    private readonly times: SweepTimes,
  ) {}

  get intervalMs(): number {
    return this.times.compareMs;
  }

  /** Counts holdings that were given back, and projects whose totals were wrong. */
  async run(): Promise<number> {
    let count = 0;
    for (let page = 0; page < PAGES; page++) {
      const held = await this.stores.departures.held(await this.api.sql(), this.#after, PAGE);
      count += await this.#compare(held);
      this.#after = held.at(-1)?.uuid ?? FIRST;
      if (held.length === PAGE) continue;
      this.#after = FIRST;
      [this.#suspects, this.#seen] = [this.#seen, new Set()];
      break;
    }
    return count + (await this.#recount());
  }

  async #compare(held: readonly HeldInstance[]): Promise<number> {
    const gone = await this.#gone(held.filter((one) => !one.waiting));
    const proven = gone.filter((uuid) => this.#suspects.has(uuid));
    if (proven.length > 0) await this.api.transaction((sql) => this.stores.departures.settle(sql, proven));
    for (const uuid of gone) if (!this.#suspects.has(uuid)) this.#seen.add(uuid);
    return proven.length;
  }

  async #gone(held: readonly HeldInstance[]): Promise<string[]> {
    const unmapped = held.filter((one) => one.departed || one.cell_id === null).map((one) => one.uuid);
    const byCell = Map.groupBy(
      held.filter((one) => !one.departed && one.cell_id !== null),
      (one) => one.cell_id,
    );
    const cells = (await this.cells.list()).filter((cell) => byCell.has(cell.id));
    const uuidsOf = (cellId: number) => (byCell.get(cellId) ?? []).map((one) => one.uuid);
    const answers = await this.cells.scatter(
      async (sql, cell) => {
        const living = await this.stores.instances.existing(sql, uuidsOf(cell.id));
        return uuidsOf(cell.id).filter((uuid) => !living.has(uuid));
      },
      { cells },
    );
    return [...unmapped, ...answers.flatMap((answer) => (answer.outcome === 'value' ? answer.value : []))];
  }

  async #recount(): Promise<number> {
    const projects = await this.stores.ledger.drifted(await this.api.sql(), PROJECTS);
    for (const project of projects) await this.api.transaction((sql) => this.stores.ledger.recount(sql, project));
    return projects.length;
  }
}
