import type { AllocationRequest } from '@kilonova/compute-objects';
import type { AggregateFacts, HostFacts, HostState, ResourceUse } from './host-state.js';

/** A provider of an answer: what it has, and whose tree it is of. */
export interface ProviderSummary {
  readonly resources: Readonly<Record<string, ResourceUse>>;
  readonly root_provider_uuid: string;
}

/** What placement offers for a request, as far as it is used. */
export interface CandidatesAnswer {
  readonly allocation_requests: readonly AllocationRequest[];
  readonly provider_summaries: Readonly<Record<string, ProviderSummary>>;
}

/**
 * Requests by compute node. A request belongs to the node whose provider tree it takes from; a sharing provider's own
 * tree (shared storage) does not make a node.
 */
function candidatesByNode(answer: CandidatesAnswer, isNode: (providerUuid: string) => boolean): Map<string, AllocationRequest[]> {
  const byNode = new Map<string, AllocationRequest[]>();
  for (const request of answer.allocation_requests) {
    const node = Object.keys(request.allocations)
      .map((provider) => answer.provider_summaries[provider]?.root_provider_uuid ?? provider)
      .find(isNode);
    if (node === undefined) continue;
    const list = byNode.get(node);
    if (list === undefined) byNode.set(node, [request]);
    else list.push(request);
  }
  return byNode;
}

/** The zone of a host: that of its aggregates, else the configured default. */
const zoneOf = (aggregates: readonly AggregateFacts[], defaultZone: string): string =>
  aggregates.map((aggregate) => aggregate.metadata['availability_zone']).find((zone) => zone !== undefined) ?? defaultZone;

/** Joins what placement offers with what cells and aggregates know. Nodes that no cell knows are left out. */
export function hostStates(
  answer: CandidatesAnswer,
  facts: readonly HostFacts[],
  aggregates: readonly AggregateFacts[],
  defaultZone: string,
): readonly HostState[] {
  const known = new Set(facts.map((fact) => fact.computeNodeUuid));
  const requests = candidatesByNode(answer, (uuid) => known.has(uuid));
  const byHost = aggregatesByHost(aggregates);
  return facts.flatMap((fact) => {
    const candidates = requests.get(fact.computeNodeUuid);
    if (candidates === undefined) return [];
    const own = byHost.get(fact.host) ?? [];
    const resources = answer.provider_summaries[fact.computeNodeUuid]?.resources ?? {};
    return [
      { facts: fact, aggregates: own, availabilityZone: zoneOf(own, defaultZone), candidates, resources, taken: 0, pending: [] },
    ];
  });
}

const indexes = new WeakMap<readonly AggregateFacts[], ReadonlyMap<string, AggregateFacts[]>>();

/** Made once for a list: lists are replaced when an aggregate changes. */
function aggregatesByHost(aggregates: readonly AggregateFacts[]): ReadonlyMap<string, AggregateFacts[]> {
  const known = indexes.get(aggregates);
  if (known !== undefined) return known;
  const byHost = new Map<string, AggregateFacts[]>();
  for (const aggregate of aggregates) {
    for (const host of aggregate.hosts) {
      const list = byHost.get(host);
      if (list === undefined) byHost.set(host, [aggregate]);
      else list.push(aggregate);
    }
  }
  indexes.set(aggregates, byHost);
  return byHost;
}
