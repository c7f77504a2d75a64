import type { AllocationRequest, HostVerdict, RequestSpec, Selection } from '@kilonova/compute-objects';
import type { HostFilter, SchedulingFacts } from './filters/index.js';
import { consume, type HostState } from './host-state.js';
import { filterHosts } from './narrow-hosts.js';
import { type HostWeigher, type Multipliers, weighHosts } from './weighers/index.js';

/** The rules of a run. */
export interface RunRules {
  readonly filters: readonly HostFilter[];
  readonly weighers: readonly HostWeigher[];
  readonly multipliers: Multipliers;
  /** One of the best N is taken at random; 1 takes the best. */
  readonly hostSubsetSize: number;
  /** In [0,1). */
  readonly random: () => number;
}

/** One instance's place in a plan. */
export interface Placed {
  readonly instanceUuid: string;
  readonly host: HostState;
}

export interface Plan {
  readonly placed: readonly Placed[];
  /** Instances for which no host is left. */
  readonly unplaced: readonly string[];
  /** All hosts, with what the plan takes consumed. */
  readonly hosts: readonly HostState[];
  readonly verdicts: readonly HostVerdict[];
}

/** Ranks the hosts that pass the rules which depend on what the run has placed so far. */
function rank(hosts: readonly HostState[], spec: RequestSpec, rules: RunRules, facts: SchedulingFacts) {
  const perInstance = rules.filters.filter((filter) => !filter.oncePerRun);
  const narrowed = filterHosts(hosts.flatMap(withRoom), perInstance, spec, facts);
  const weighed = weighHosts(rules.weighers, rules.multipliers, narrowed.hosts, spec, facts);
  return { ranked: weighed.map((entry) => entry.host), verdicts: narrowed.verdicts };
}

/** Whether what the run has taken leaves enough of each class on the node's own provider. */
const leavesRoom = (host: HostState, request: AllocationRequest): boolean => {
  const own = request.allocations[host.facts.computeNodeUuid];
  return (
    own === undefined ||
    Object.entries(own.resources).every(([name, amount]) => {
      const use = host.resources[name];
      return use === undefined || use.used + amount <= use.capacity;
    })
  );
};

/** The host with the ways to allocate that the run has left, or nothing when it has left none. */
function withRoom(host: HostState): readonly HostState[] {
  const candidates = host.candidates.filter((request) => leavesRoom(host, request));
  if (candidates.length === 0) return [];
  return [candidates.length === host.candidates.length ? host : { ...host, candidates }];
}

function pick(ranked: readonly HostState[], rules: RunRules): HostState | undefined {
  const choice = Math.min(rules.hostSubsetSize, ranked.length);
  return ranked[Math.floor(rules.random() * choice)];
}

/** Chooses a host for each instance in turn, consuming as it goes. `hosts` have passed the once-per-run filters. */
export function planRun(
  hosts: readonly HostState[],
  instances: readonly string[],
  spec: RequestSpec,
  rules: RunRules,
  facts: SchedulingFacts,
): Plan {
  let current = hosts;
  const placed: Placed[] = [];
  const unplaced: string[] = [];
  const verdicts: HostVerdict[] = [];
  for (const instanceUuid of instances) {
    const { ranked, verdicts: refused } = rank(current, spec, rules, withPlaced(facts, spec, current));
    const host = pick(ranked, rules);
    if (host === undefined) {
      verdicts.push(...refused);
      unplaced.push(instanceUuid);
      continue;
    }
    placed.push({ instanceUuid, host });
    current = take(current, host, instanceUuid);
  }
  return { placed, unplaced, hosts: current, verdicts };
}

/** A run's own placements are members of its group at once: the next instance must see them. */
function withPlaced(facts: SchedulingFacts, spec: RequestSpec, hosts: readonly HostState[]): SchedulingFacts {
  if (spec.instance_group === null) return facts;
  const groupMembersByHost = { ...facts.groupMembersByHost };
  for (const { facts: own, placedInRun } of hosts) {
    if (placedInRun.length > 0) groupMembersByHost[own.host] = (groupMembersByHost[own.host] ?? 0) + placedInRun.length;
  }
  return { ...facts, groupMembersByHost };
}

const take = (hosts: readonly HostState[], taken: HostState, instanceUuid: string): readonly HostState[] =>
  hosts.map((host) => {
    const request = taken.candidates[0];
    return host.facts.computeNodeUuid === taken.facts.computeNodeUuid && request !== undefined
      ? consume(host, instanceUuid, request)
      : host;
  });

/** Hosts of the selected one's cell that could still take the instance, best first, at most `count`. */
export function alternates(
  hosts: readonly HostState[],
  selected: HostState,
  spec: RequestSpec,
  rules: RunRules,
  facts: SchedulingFacts,
  count: number,
): readonly HostState[] {
  const others = hosts.filter(
    (host) => host.facts.cellUuid === selected.facts.cellUuid && host.facts.computeNodeUuid !== selected.facts.computeNodeUuid,
  );
  return count <= 0 ? [] : rank(others, spec, rules, withPlaced(facts, spec, hosts)).ranked.slice(0, count);
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
