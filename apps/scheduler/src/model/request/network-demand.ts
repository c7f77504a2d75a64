import type { QueryConstraints } from './placement-query.js';

/** What the networks and ports of a request ask of a host. */
export interface NetworkDemand {
  readonly rootRequired: readonly string[];
  /** Segments of routed networks, each with the aggregates of the hosts that it reaches. */
  readonly routes: readonly NetworkRoute[];
}

export interface NetworkRoute {
  /** In words for the tenant: the network or the subnet. */
  readonly of: string;
  readonly aggregates: readonly string[];
}

export const NO_NETWORK_DEMAND: NetworkDemand = { rootRequired: [], routes: [] };

/** The route that no host is known for. */
export const deadRoute = ({ routes }: NetworkDemand): NetworkRoute | undefined =>
  routes.find(({ aggregates }) => aggregates.length === 0);

export const withNetworks = (so: QueryConstraints, { rootRequired, routes }: NetworkDemand): QueryConstraints => ({
  ...so,
  rootRequired: [...so.rootRequired, ...rootRequired],
  memberOf: [...so.memberOf, ...routes.map(({ aggregates }) => aggregates)],
});
