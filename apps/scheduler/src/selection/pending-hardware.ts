import type { HeldHardware } from '@kilonova/compute-objects';
import { BoundedCache } from '@kilonova/util';
import type { HostState } from '../model/host-state.js';

/** Hosts that are remembered. */
const HOSTS = 20_000;
/** Instances that are remembered. */
const INSTANCES = 100_000;
/** How long an agent may take to tell of a server; by then it has, or nothing came of it. Milliseconds. */
const KEPT_MS = 120_000;

interface Pending {
  readonly held: HeldHardware;
  readonly until: number;
}

/**
 * Cells and devices that this scheduler gave away and that no agent has told of yet: they count at once, for requests of
 * every kind. What another scheduler gave away counts from the agent's next report on; the agent checks for itself.
 */
export class PendingHardware {
  readonly #byNode = new BoundedCache<string, Map<string, Pending>>(HOSTS, KEPT_MS);
  readonly #nodeOf = new BoundedCache<string, string>(INSTANCES, KEPT_MS);

  constructor(private readonly now: () => number = () => performance.now()) {}

  note(node: string, instanceUuid: string, held: HeldHardware): void {
    this.forget(instanceUuid);
    const known = this.#byNode.get(node) ?? new Map<string, Pending>();
    known.set(instanceUuid, { held, until: this.now() + KEPT_MS });
    this.#byNode.set(node, known);
    this.#nodeOf.set(instanceUuid, node);
  }

  /** The instance got nothing, or is placed anew. */
  forget(instanceUuid: string): void {
    const node = this.#nodeOf.get(instanceUuid);
    this.#nodeOf.delete(instanceUuid);
    if (node !== undefined) this.#byNode.get(node)?.delete(instanceUuid);
  }

  /** The host with what is on its way there; what its agent has told of by now is forgotten. */
  on(host: HostState): HostState {
    const { hardware, computeNodeUuid } = host.facts;
    const known = hardware === null ? undefined : this.#byNode.get(computeNodeUuid);
    if (hardware === null || known === undefined) return host;
    for (const [uuid, { until }] of known) if (uuid in hardware.held || until < this.now()) known.delete(uuid);
    return { ...host, pending: [...known.values()].map(({ held }) => held) };
  }
}
