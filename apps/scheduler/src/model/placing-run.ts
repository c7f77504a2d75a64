import {
  type AllocationRequest,
  type HeldHardware,
  type HostVerdict,
  type RequestSpec,
  type Selection,
  wantsHardware,
} from '@kilonova/compute-objects';
import type { HostFilter, SchedulingFacts } from './filters/index.js';
import { demandOf, fitOn } from './host-hardware.js';
import type { HostRanking } from './host-ranking.js';
import { consume, type HostState, holding, release } from './host-state.js';
import { verdictOf } from './narrow-hosts.js';
import type { WeighedInParts, WeighingRules } from './weighers/index.js';

/** The rules of a run. */
export interface RunRules extends WeighingRules {
  readonly filters: readonly HostFilter[];
  /** One of the best N is taken at random; 1 takes the best. */
  readonly hostSubsetSize: number;
  /** In [0,1). */
  readonly random: () => number;
}

/**
 * Takes hosts for the instances of one request out of a ranking, each time the best that still fits. What a run takes
 * counts at once: as use, and as a member of the request's server group.
 */
export class PlacingRun {
  #facts: SchedulingFacts;
  /** Cells and devices of the hosts that were taken. */
  readonly #laid = new Map<HostState, HeldHardware>();

  /** @param refused nodes that this request is not to try again; grows with `lost` */
  constructor(
    private readonly ranking: HostRanking,
    private readonly spec: RequestSpec,
    private readonly rules: RunRules,
    facts: SchedulingFacts,
    private readonly refused: Set<string> = new Set(),
  ) {
    this.#facts = facts;
  }

  /** The best host for one more instance, taken; undefined when none is left. */
  take(): HostState | undefined {
    const host = this.#choose();
    const [request] = host?.candidates ?? [];
    if (host === undefined || request === undefined) return undefined;
    this.#countMember(host, 1);
    const held = this.#lay(host);
    if (held !== undefined) this.#laid.set(host, held);
    this.ranking.update(host.facts.computeNodeUuid, (now) => consume(now, request, held), this.#facts);
    return host;
  }

  /** A host that was taken was not to be had: nobody tries it again. */
  lost(host: HostState): void {
    this.refused.add(host.facts.computeNodeUuid);
    this.#countMember(host, -1);
    this.ranking.drop(host.facts.computeNodeUuid);
  }

  /** A host that was taken turned out not to be needed. */
  putBack(host: HostState): void {
    const [request] = host.candidates;
    this.#countMember(host, -1);
    const held = this.#laid.get(host);
    if (request !== undefined) this.ranking.update(host.facts.computeNodeUuid, (now) => release(now, request, held), this.#facts);
  }

  /** Whether a host that an instance holds something of already still fits it: another member may have come there since. */
  admits(host: HostState): boolean {
    return this.#refusal(host) === undefined;
  }

  /**
   * Counts an instance on a host that this run did not take: the claim of an earlier run, or one out of another ranking.
   * @param held its cells and devices, where they are known
   */
  adopted(host: HostState, held: HeldHardware | undefined = this.#lay(host)): void {
    this.#countMember(host, 1);
    if (held === undefined) return;
    this.#laid.set(host, held);
    this.ranking.update(host.facts.computeNodeUuid, (now) => holding(now, held), this.#facts);
  }

  /** Hosts of the selected one's cell that could take an instance as well, best first. */
  alternates(selected: HostState, count: number): readonly HostState[] {
    const found: HostState[] = [];
    if (count <= 0) return found;
    for (const { host } of this.ranking.best()) {
      const { cellUuid, computeNodeUuid } = host.facts;
      if (cellUuid !== selected.facts.cellUuid || computeNodeUuid === selected.facts.computeNodeUuid) continue;
      const fit = this.#fit(host);
      if (fit !== undefined) found.push(fit);
      if (found.length >= count) break;
    }
    return found;
  }

  /** The best so many of what is left, with what each weigher adds to their weights. */
  explained(count: number): readonly WeighedInParts[] {
    return this.ranking.explained(count);
  }

  /** All hosts of the ranking, best first. */
  hosts(): readonly HostState[] {
    return [...this.ranking.best()].map((entry) => entry.host);
  }

  /** Why none of the ranking's hosts takes one more instance. */
  refusals(): readonly HostVerdict[] {
    return [...this.ranking.best()].flatMap(({ host }) => {
      if (this.refused.has(host.facts.computeNodeUuid)) return [];
      if (roomOn(host).length === 0)
        return [verdictOf(host, 'host-state', 'room', 'what this request and others took is all there was')];
      const refusal = this.#refusal(host);
      return refusal === undefined ? [] : [refusal];
    });
  }

  /** How the server would lie on a host, where it wants to lie in some way and the host tells of its cells and devices. */
  #lay(host: HostState): HeldHardware | undefined {
    if (host.facts.hardware === null) return undefined;
    const outcome = demandOf(this.spec, this.#facts.options);
    if ('fault' in outcome || !wantsHardware(outcome.demand)) return undefined;
    const fit = fitOn(host, outcome.demand);
    return 'held' in fit ? fit.held : undefined;
  }

  /** Cells and devices of a host that was taken; undefined: the server wants none. */
  laidOn(host: HostState): HeldHardware | undefined {
    return this.#laid.get(host);
  }

  #choose(): HostState | undefined {
    const fits: HostState[] = [];
    for (const { host } of this.ranking.best()) {
      const fit = this.#fit(host);
      if (fit !== undefined) fits.push(fit);
      if (fits.length >= this.rules.hostSubsetSize) break;
    }
    return fits[Math.floor(this.rules.random() * fits.length)];
  }

  /** The host with the ways to allocate that are left on it; undefined when it does not fit. */
  #fit(host: HostState): HostState | undefined {
    if (this.refused.has(host.facts.computeNodeUuid)) return undefined;
    const candidates = roomOn(host);
    if (candidates.length === 0 || this.#refusal(host) !== undefined) return undefined;
    return candidates.length === host.candidates.length ? host : { ...host, candidates };
  }

  /** Filters are asked again: since the ranking was made, the host may have been disabled, or taken by this run. */
  #refusal(host: HostState): HostVerdict | undefined {
    for (const filter of this.rules.filters) {
      const result = filter.check(host, this.spec, this.#facts);
      if (!result.passes) return verdictOf(host, 'filter', filter.name, result.reason);
    }
    return undefined;
  }

  #countMember({ facts: { host } }: HostState, more: number): void {
    if (this.spec.instance_group === null) return;
    const { [host]: members = 0, ...others } = this.#facts.groupMembersByHost;
    const groupMembersByHost = members + more > 0 ? { ...others, [host]: members + more } : others;
    this.#facts = { ...this.#facts, groupMembersByHost };
  }
}

/** The ways to allocate for which what was taken leaves enough of each class on the node's own provider. */
const roomOn = (host: HostState): readonly AllocationRequest[] =>
  host.candidates.every((request) => leavesRoom(host, request))
    ? host.candidates
    : host.candidates.filter((request) => leavesRoom(host, request));

function leavesRoom(host: HostState, request: AllocationRequest): boolean {
  const own = request.allocations[host.facts.computeNodeUuid];
  if (own === undefined) return true;
  return Object.entries(own.resources).every(([name, amount]) => {
    const use = host.resources[name];
    return use === undefined || use.used + amount <= use.capacity;
  });
}

/** A host as the conductor and the cells get it. */
export const toSelection = (host: HostState, version: string): Selection | undefined => {
  const request = host.candidates[0];
  if (request === undefined) return undefined;
  return {
    compute_node_uuid: host.facts.computeNodeUuid,
    service_host: host.facts.host,
    nodename: host.facts.nodename,
    cell_uuid: host.facts.cellUuid,
    availability_zone: host.availabilityZone,
    allocation_request: request,
    allocation_request_version: version,
  };
};
