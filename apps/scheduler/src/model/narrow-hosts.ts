import type { HostVerdict, RequestSpec } from '@kilonova/compute-objects';
import type { HostFilter, SchedulingFacts } from './filters/index.js';
import type { HostState } from './host-state.js';

/** The hosts that are left, and why each of the others is not. */
export interface Narrowed {
  readonly hosts: readonly HostState[];
  readonly verdicts: readonly HostVerdict[];
}

/** Why one host is refused. */
export const verdictOf = (host: HostState, stage: HostVerdict['stage'], rule: string, reason: string): HostVerdict => ({
  host: host.facts.host,
  provider_uuid: host.facts.computeNodeUuid,
  stage,
  rule,
  reason,
});

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Keeps what the request's destinations allow: a requested host, forced hosts or nodes, hosts and cells not to be used. */
export function narrowToDestinations(
  hosts: readonly HostState[],
  spec: RequestSpec,
  ignoredCells: readonly string[] = [],
): Narrowed {
  const refusal = (host: HostState): string | undefined => {
    const { requested_destination: asked, force_hosts: forced, force_nodes: nodes, ignore_hosts: ignored } = spec;
    const { host: name, nodename, cellUuid } = host.facts;
    if (asked?.host != null && !sameName(asked.host, name)) return `host ${asked.host} was asked for`;
    if (asked?.node != null && !sameName(asked.node, nodename)) return `node ${asked.node} was asked for`;
    if (asked?.cell != null && asked.cell !== cellUuid) return 'another cell was asked for';
    if (ignoredCells.includes(cellUuid)) return 'its cell did not take what was selected there';
    if (ignored.some((other) => sameName(other, name))) return 'the request leaves this host out';
    if (forced.length > 0 && !forced.some((other) => sameName(other, name))) return `forced to ${forced.join(', ')}`;
    if (nodes.length > 0 && !nodes.some((other) => sameName(other, nodename))) return `forced to node ${nodes.join(', ')}`;
    return undefined;
  };
  return split(hosts, (host) => {
    const reason = refusal(host);
    return reason === undefined ? undefined : verdictOf(host, 'host-state', 'destination', reason);
  });
}

/** Hosts that were forced skip the filters; the claim in placement they do not skip. */
export const skipsFilters = (spec: RequestSpec): boolean => spec.force_hosts.length > 0 || spec.force_nodes.length > 0;

/** Applies filters in order; each host is refused by the first that it fails. */
export function filterHosts(
  hosts: readonly HostState[],
  filters: readonly HostFilter[],
  spec: RequestSpec,
  facts: SchedulingFacts,
): Narrowed {
  return split(hosts, (host) => {
    for (const filter of filters) {
      const result = filter.check(host, spec, facts);
      if (!result.passes) return verdictOf(host, 'filter', filter.name, result.reason);
    }
    return undefined;
  });
}

function split(hosts: readonly HostState[], refuse: (host: HostState) => HostVerdict | undefined): Narrowed {
  const left: HostState[] = [];
  const verdicts: HostVerdict[] = [];
  for (const host of hosts) {
    const refused = refuse(host);
    if (refused === undefined) left.push(host);
    else verdicts.push(refused);
  }
  return { hosts: left, verdicts };
}
