import type { Cell, CellRegistry, CellResult } from '@kilonova/cells';
import type { Sql } from '@kilonova/sql';
import { BoundedCache, type Ctx } from '@kilonova/util';
import type { AggregateFacts, HostFacts } from '../model/host-state.js';
import { allAggregates } from './aggregates.query.js';
import { hostFacts, instanceHosts, nodeUuids } from './host-facts.query.js';
import { type FromCells, SchedulingWorld } from './world.port.js';

/** Facts older than this are read again, milliseconds: short enough for a disabled host to be seen, long enough for a burst. */
const FACTS_AGE_MS = 1_000;
const FACTS_AT_MOST = 100_000;

/** The world as cells and API database know it. A cell that does not answer in time is named, and has no hosts. */
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

  async hosts(_ctx: Ctx, computeNodeUuids: readonly string[]): Promise<FromCells<readonly HostFacts[]>> {
    const unknown = computeNodeUuids.filter((uuid) => this.#facts.get(uuid) === undefined);
    const silent = unknown.length > 0 ? await this.#read(unknown) : [];
    return { found: computeNodeUuids.flatMap((uuid) => this.#facts.get(uuid) ?? []), silent };
  }

  aggregates(): Promise<readonly AggregateFacts[]> {
    const now = performance.now();
    if (this.#aggregates === undefined || now - this.#aggregates.at > FACTS_AGE_MS) {
      const list = this.api().then(allAggregates);
      this.#aggregates = { at: now, list };
      list.catch(() => {
        this.#aggregates = undefined;
      });
    }
    return this.#aggregates.list;
  }

  async nodesOf(_ctx: Ctx, host: string | null, node: string | null): Promise<FromCells<readonly string[]>> {
    return this.#gather((sql) => nodeUuids(sql, host, node));
  }

  async hostsOfInstances(_ctx: Ctx, instanceUuids: readonly string[]): Promise<FromCells<Readonly<Record<string, string>>>> {
    const { found, silent } = await this.#gather((sql) => instanceHosts(sql, instanceUuids));
    return { found: Object.fromEntries(found), silent };
  }

  /** Nodes that no cell knows are remembered as unknown for as long; those of a silent cell are asked for again. */
  async #read(uuids: readonly string[]): Promise<readonly string[]> {
    const { found, silent } = await this.#gather((sql, cell) => hostFacts(sql, cell.uuid, uuids));
    for (const fact of found) this.#facts.set(fact.computeNodeUuid, fact);
    const unknown = uuids.filter((uuid) => this.#facts.get(uuid) === undefined);
    if (silent.length === 0) for (const uuid of unknown) this.#facts.set(uuid, null);
    return unknown.length === 0 ? [] : silent;
  }

  async #gather<T>(query: (sql: Sql, cell: Cell) => Promise<readonly T[]>): Promise<FromCells<readonly T[]>> {
    return this.#joined(await this.cells.scatter(query, { cells: await this.#enabled() }));
  }

  async #enabled() {
    return (await this.cells.list()).filter((cell) => !cell.isCell0 && !cell.disabled);
  }

  #joined<T>(results: ReadonlyArray<CellResult<readonly T[]>>): FromCells<readonly T[]> {
    const silent: string[] = [];
    const found = results.flatMap((result) => {
      if (result.outcome === 'value') return result.value;
      this.tell(result.cell.name, result.error);
      silent.push(result.cell.name);
      return [];
    });
    return { found, silent };
  }
}
