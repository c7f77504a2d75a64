import type { RequestSpec } from '@kilonova/compute-objects';
import { resourceGroups, sameSubtrees } from './resources.js';

/** What pre-filters add to the query: hard rules are asked of placement, so that its limit cuts after them. */
export interface QueryConstraints {
  readonly rootRequired: readonly string[];
  readonly rootForbidden: readonly string[];
  /** Each a set of aggregates of which one must hold the provider; all sets must be met. */
  readonly memberOf: ReadonlyArray<readonly string[]>;
  readonly forbiddenAggregates: readonly string[];
  /** Compute node uuid, when one node was asked for. */
  readonly inTree: string | null;
}

export const NO_CONSTRAINTS: QueryConstraints = {
  rootRequired: [],
  rootForbidden: ['COMPUTE_STATUS_DISABLED'],
  memberOf: [],
  forbiddenAggregates: [],
  inTree: null,
};

const traitList = (required: readonly string[], forbidden: readonly string[]): string =>
  [...required, ...forbidden.map((trait) => `!${trait}`)].join(',');

/** The query string of `GET /allocation_candidates` (microversion 1.36), without the question mark; without a limit all are asked for. */
export function placementQuery(spec: RequestSpec, constraints: QueryConstraints, limit?: number): string {
  const query = new URLSearchParams();
  const groups = resourceGroups(spec);
  for (const group of groups) {
    const amounts = Object.entries(group.resources).map(([name, amount]) => `${name}:${amount}`);
    if (amounts.length > 0) query.append(`resources${group.suffix}`, amounts.join(','));
    const traits = traitList(group.required, group.forbidden);
    if (traits !== '') query.append(`required${group.suffix}`, traits);
  }
  // Without a policy placement refuses several groups of a flavor: whether they may meet on one provider, only its author knows.
  const policy = spec.flavor.extra_specs['group_policy'];
  if (policy !== undefined) query.append('group_policy', policy);
  for (const suffixes of sameSubtrees(spec)) query.append('same_subtree', suffixes);
  const rootTraits = traitList(constraints.rootRequired, constraints.rootForbidden);
  if (rootTraits !== '') query.append('root_required', rootTraits);
  for (const set of constraints.memberOf) query.append('member_of', `in:${set.join(',')}`);
  if (constraints.forbiddenAggregates.length > 0) query.append('member_of', `!in:${constraints.forbiddenAggregates.join(',')}`);
  if (constraints.inTree !== null) query.append('in_tree', constraints.inTree);
  if (limit !== undefined) query.append('limit', String(limit));
  return query.toString();
}
