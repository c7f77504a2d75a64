import type { Cell, CellRegistry } from '@kilonova/cells';
import { BoundedCache, type Ctx } from '@kilonova/util';
import type { AggregateFacts, HostFacts } from '../model/host-state.js';
import type { AggregatePicture } from './aggregate-picture.js';
import type { HostPicture } from './host-picture.js';
import { instanceHosts } from './instance-hosts.query.js';
import { type FromCells, SchedulingWorld } from './world.port.js';

/** Providers that are nobody's compute node (shared storage) are looked for again after so many milliseconds. */
const UNKNOWN_MS = 1_000;
const UNKNOWN_AT_MOST = 10_000;

/** The world as cells and API database know it. A cell that does not answer in time is named, and has no hosts. */
export class CellsWorld extends SchedulingWorld {
  readonly #unknown = new BoundedCache<string, true>(UNKNOWN_AT_MOST, UNKNOWN_MS);

  constructor(
    private readonly cells: CellRegistry,
    private readonly picture: HostPicture,
    private readonly groups: AggregatePicture,
    private readonly tell: (cell: string, error: unknown) => void,
  ) {
    super();
  }

  async hosts(_ctx: Ctx, computeNodeUuids: readonly string[]): Promise<FromCells<readonly HostFacts[]>> {
    const silent = await this.picture.current();
    const isNew = (uuid: string) => this.picture.node(uuid) === undefined && this.#unknown.get(uuid) === undefined;
    if (computeNodeUuids.some(isNew)) await this.picture.refresh();
    const deaf = new Set(silent.map((cell) => cell.uuid));
    const found: HostFacts[] = [];
    for (const uuid of computeNodeUuids) {
      const facts = this.picture.node(uuid);
      if (facts === undefined) this.#unknown.set(uuid, true);
      else if (!deaf.has(facts.cellUuid)) found.push(facts);
    }
    return { found, silent: found.length === computeNodeUuids.length ? [] : names(silent) };
  }

  aggregates(): Promise<readonly AggregateFacts[]> {
    return this.groups.current();
  }

  async nodesOf(_ctx: Ctx, host: string | null, node: string | null): Promise<FromCells<readonly string[]>> {
    const silent = await this.picture.current();
    const found = this.picture.named(host, node);
    if (found.length > 0) return { found: uuids(found), silent: names(silent) };
    const stillSilent = await this.picture.refresh();
    return { found: uuids(this.picture.named(host, node)), silent: names(stillSilent) };
  }

  async hostsOfInstances(_ctx: Ctx, instanceUuids: readonly string[]): Promise<FromCells<Readonly<Record<string, string>>>> {
    const enabled = (await this.cells.list()).filter((cell) => !cell.isCell0 && !cell.disabled);
    const silent: string[] = [];
    const answers = await this.cells.scatter((sql) => instanceHosts(sql, instanceUuids), { cells: enabled });
    const found = answers.flatMap((answer) => {
      if (answer.outcome === 'value') return answer.value;
      this.tell(answer.cell.name, answer.error);
      silent.push(answer.cell.name);
      return [];
    });
    return { found: Object.fromEntries(found), silent };
  }

  async refresh(): Promise<void> {
    await Promise.all([this.picture.refresh(), this.groups.refresh()]);
  }
}

const uuids = (facts: readonly HostFacts[]): readonly string[] => facts.map((one) => one.computeNodeUuid);

const names = (cells: readonly Cell[]): readonly string[] => cells.map((cell) => cell.name);
