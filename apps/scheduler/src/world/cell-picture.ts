import type { HostFacts } from '../model/host-state.js';
import type { NodeChanges, NodeRow, Position, TroubledService } from './node-changes.query.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Facts = Writable<HostFacts>;

/**
 * The compute nodes of one cell as of its last refresh. Hosts whose service is well share one state, which each refresh
 * renews; so a refresh costs what changed and what is in trouble, not what there is.
 */
export class CellPicture {
  /** Where the next refresh begins; undefined: with everything. */
  position: Position | undefined;
  /** When the last refresh was asked for, by the caller's clock; -Infinity before the first. */
  asOf = Number.NEGATIVE_INFINITY;
  readonly #nodes = new Map<string, Facts>();
  readonly #byHost = new Map<string, Facts[]>();
  #well: Writable<HostFacts['service']> = { disabled: false, forcedDown: false, lastSeenUp: null };
  #troubled: readonly string[] = [];
  /** Texts that most nodes have in common, kept once. */
  readonly #parsed = new Map<string, HostFacts['supportedInstances']>();

  constructor(private readonly cellUuid: string) {}

  get size(): number {
    return this.#nodes.size;
  }

  node(uuid: string): HostFacts | undefined {
    return this.#nodes.get(uuid);
  }

  nodes(): Iterable<HostFacts> {
    return this.#nodes.values();
  }

  /** Nodes of a host and (or) of a name, compared without case; null leaves it open. */
  named(host: string | null, node: string | null): readonly HostFacts[] {
    const found = host === null ? [...this.#nodes.values()] : (this.#byHost.get(host.toLowerCase()) ?? []);
    return node === null ? found : found.filter((one) => one.nodename.toLowerCase() === node.toLowerCase());
  }

  /**
   * Takes in what changed. Answers false when nodes vanished whose deletion no row tells of: everything has to be read.
   * @param now when the changes were asked for: epoch milliseconds
   */
  apply(changes: NodeChanges, now: number): boolean {
    if (!changes.isContinuous) this.#forgetAll();
    for (const row of changes.nodes) {
      if (row.mapped) this.#put(row);
      else this.#remove(row.uuid);
    }
    if (this.#nodes.size !== changes.count) {
      this.position = undefined;
      return false;
    }
    this.position = changes.position;
    this.#judge(changes.troubled, now);
    return true;
  }

  #put(row: NodeRow): void {
    const known = this.#nodes.get(row.uuid);
    if (known !== undefined && known.host !== row.host) this.#remove(row.uuid);
    const facts = this.#nodes.get(row.uuid) ?? this.#add(row);
    facts.nodename = row.nodename;
    facts.hypervisorType = row.hypervisor_type;
    facts.hypervisorVersion = row.hypervisor_version;
    facts.hostIp = row.host_ip;
    facts.supportedInstances = this.#supported(row.supported_instances);
    facts.cpuInfo = row.cpu_info;
    facts.stats = row.stats;
    facts.hardware = row.hardware;
  }

  #add(row: NodeRow): Facts {
    const facts: Facts = {
      computeNodeUuid: row.uuid,
      host: row.host,
      nodename: row.nodename,
      cellUuid: this.cellUuid,
      hypervisorType: row.hypervisor_type,
      hypervisorVersion: row.hypervisor_version,
      hostIp: row.host_ip,
      supportedInstances: [],
      cpuInfo: '',
      stats: row.stats,
      hardware: row.hardware,
      service: this.#well,
    };
    this.#nodes.set(row.uuid, facts);
    const key = row.host.toLowerCase();
    this.#byHost.set(key, [...(this.#byHost.get(key) ?? []), facts]);
    return facts;
  }

  #remove(uuid: string): void {
    const facts = this.#nodes.get(uuid);
    if (facts === undefined) return;
    this.#nodes.delete(uuid);
    const key = facts.host.toLowerCase();
    const left = (this.#byHost.get(key) ?? []).filter((one) => one !== facts);
    if (left.length === 0) this.#byHost.delete(key);
    else this.#byHost.set(key, left);
  }

  #forgetAll(): void {
    this.#nodes.clear();
    this.#byHost.clear();
    this.#parsed.clear();
    this.#troubled = [];
  }

  #supported(text: string): HostFacts['supportedInstances'] {
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    const parsed = JSON.parse(text) as HostFacts['supportedInstances'];
    this.#parsed.set(text, parsed);
    return parsed;
  }

  #judge(troubled: readonly TroubledService[], now: number): void {
    this.#well.lastSeenUp = new Date(now);
    for (const host of this.#troubled) this.#setService(host, this.#well);
    for (const one of troubled) this.#setService(one.host, serviceState(one, now));
    this.#troubled = troubled.map((one) => one.host);
  }

  #setService(host: string, service: HostFacts['service']): void {
    for (const facts of this.#byHost.get(host.toLowerCase()) ?? []) facts.service = service;
  }
}

const serviceState = ({ disabled, forced_down: forcedDown, silent_ms: silentMs }: TroubledService, now: number) => ({
  disabled,
  forcedDown,
  lastSeenUp: silentMs === null ? null : new Date(now - silentMs),
});
