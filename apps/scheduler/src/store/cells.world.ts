import type { CellRegistry, CellResult } from '@kilonova/cell-db';
import type { Sql } from '@kilonova/sql';
import { BoundedCache, type Ctx } from '@kilonova/util';
import type { AggregateFacts, HostFacts } from '../model/host-state.js';
import { SchedulingWorld } from '../service/world.port.js';
import { allAggregates } from './aggregates.query.js';
import { hostFacts, instanceHosts, nodeUuids } from './host-facts.query.js';

/** Facts older than this are read again, milliseconds: short enough for a disabled host to be seen, long enough for a burst. */
const FACTS_AGE_MS = 1_000;
const FACTS_AT_MOST = 100_000;

/** The world as cells and API database know it. A cell that does not answer in time has no hosts for this request. */
export class CellsWorld extends SchedulingWorld {
  readonly #facts = new BoundedCache<string, HostFacts | null>(FACTS_AT_MOST, FACTS_AGE_MS);
  #aggregates: { readonly at: number; readonly list: Promise<readonly AggregateFacts[]> } | undefined;

  constructor(
    private readonly cells: CellRegistry,
    private readonly api: () => Promise<Sql>,
    private readonly tell: (cell: string, error: unknown) => void,
  ) {
    super();
  }

  async hosts(_ctx: Ctx, computeNodeUuids: readonly string[]): Promise<readonly HostFacts[]> {
    const unknown = computeNodeUuids.filter((uuid) => this.#facts.get(uuid) === undefined);
    if (unknown.length > 0) await this.#read(unknown);
    return computeNodeUuids.flatMap((uuid) => this.#facts.get(uuid) ?? []);
  }

  aggregates(): Promise<readonly AggregateFacts[]> {
    const now = Date.now();
    if (this.#aggregates === undefined || now - this.#aggregates.at > FACTS_AGE_MS) {
      const list = this.api().then(allAggregates);
      this.#aggregates = { at: now, list };
      list.catch(() => {
        this.#aggregates = undefined;
      });
    }
    return this.#aggregates.list;
  }

  async nodesOf(_ctx: Ctx, host: string | null, node: string | null): Promise<readonly string[]> {
    return this.#gather((sql) => nodeUuids(sql, host, node));
  }

  async hostsOfInstances(_ctx: Ctx, instanceUuids: readonly string[]): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries(await this.#gather((sql) => instanceHosts(sql, instanceUuids)));
  }

  /** Nodes that no cell knows are remembered as unknown for as long; those of a silent cell are asked for again. */
  async #read(uuids: readonly string[]): Promise<void> {
    const cells = await this.#enabled();
    const results = await this.cells.scatter((sql, cell) => hostFacts(sql, cell.uuid, uuids), { cells });
    for (const fact of this.#values(results)) this.#facts.set(fact.computeNodeUuid, fact);
    if (results.some((result) => result.outcome !== 'value')) return;
    for (const uuid of uuids) if (this.#facts.get(uuid) === undefined) this.#facts.set(uuid, null);
  }

  async #gather<T>(query: (sql: Sql) => Promise<readonly T[]>): Promise<readonly T[]> {
    return this.#values(await this.cells.scatter((sql) => query(sql), { cells: await this.#enabled() }));
  }

  async #enabled() {
    return (await this.cells.list()).filter((cell) => !cell.isCell0 && !cell.disabled);
  }

  #values<T>(results: ReadonlyArray<CellResult<readonly T[]>>): readonly T[] {
    return results.flatMap((result) => {
      if (result.outcome === 'value') return result.value;
      this.tell(result.cell.name, result.error);
      return [];
    });
  }
}
