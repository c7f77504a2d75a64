import type { RequestSpec } from '@kilonova/compute-objects';
import type { AggregateFacts } from '../host-state.js';
import { capabilityTraits, imageMetadataTraits } from './host-traits.js';
import { deadRoute, type NetworkDemand, NO_NETWORK_DEMAND, withNetworks } from './network-demand.js';
import { NO_CONSTRAINTS, type QueryConstraints } from './placement-query.js';

/** Which optional pre-filters are on. Names follow the options of the compute scheduler that operators know. */
export interface PreFilterOptions {
  readonly limitTenantsToPlacementAggregate: boolean;
  readonly placementAggregateRequiredForTenants: boolean;
  readonly queryPlacementForImageTypeSupport: boolean;
  readonly enableIsolatedAggregateFiltering: boolean;
  readonly imageMetadataPrefilter: boolean;
}

export type PreFilterResult =
  | { readonly outcome: 'constraints'; readonly constraints: QueryConstraints }
  /** No host can fit; `reason` is what the tenant may read. */
  | { readonly outcome: 'impossible'; readonly rule: string; readonly reason: string };

type Step = (
  spec: RequestSpec,
  aggregates: readonly AggregateFacts[],
  so: QueryConstraints,
  options: PreFilterOptions,
) => PreFilterResult;

const keep = (constraints: QueryConstraints): PreFilterResult => ({ outcome: 'constraints', constraints });

/** Aggregates whose metadata `filter_tenant_id*` names the project become a condition. */
const tenantIsolation: Step = (spec, aggregates, so, options) => {
  if (!options.limitTenantsToPlacementAggregate) return keep(so);
  const mine = aggregates.filter((aggregate) =>
    Object.entries(aggregate.metadata).some(([key, value]) => key.startsWith('filter_tenant_id') && value === spec.project_id),
  );
  if (mine.length > 0) return keep({ ...so, memberOf: [...so.memberOf, mine.map((aggregate) => aggregate.uuid)] });
  if (!options.placementAggregateRequiredForTenants) return keep(so);
  return { outcome: 'impossible', rule: 'tenant isolation', reason: 'No hosts available for tenant' };
};

/** A zone is the aggregates that carry its name; the default zone has none and is left to the filter. */
const availabilityZone: Step = (spec, aggregates, so) => {
  if (spec.availability_zone === null) return keep(so);
  const zone = aggregates.filter((aggregate) => aggregate.metadata['availability_zone'] === spec.availability_zone);
  return keep(zone.length === 0 ? so : { ...so, memberOf: [...so.memberOf, zone.map((aggregate) => aggregate.uuid)] });
};

const imageType: Step = (spec, _aggregates, so, options) => {
  const format = spec.image?.disk_format;
  if (!options.queryPlacementForImageTypeSupport || spec.is_bfv || format == null) return keep(so);
  return keep({ ...so, rootRequired: [...so.rootRequired, `COMPUTE_IMAGE_TYPE_${format.toUpperCase()}`] });
};

/** What the image says of buses and models is asked of the host as a trait. */
const imageMetadata: Step = (spec, _aggregates, so, options) =>
  keep(options.imageMetadataPrefilter ? { ...so, rootRequired: [...so.rootRequired, ...imageMetadataTraits(spec)] } : so);

/** Devices and protections that a host has or has not. */
const capabilities: Step = (spec, _aggregates, so) =>
  keep({ ...so, rootRequired: [...so.rootRequired, ...capabilityTraits(spec)] });

/** Aggregates that are kept for a trait (`trait:X=required`) are closed to requests without it. */
const isolatedAggregates: Step = (spec, aggregates, so, options) => {
  if (!options.enableIsolatedAggregateFiltering) return keep(so);
  const asked = requiredTraits(spec);
  const closed = aggregates.filter((aggregate) =>
    Object.entries(aggregate.metadata).some(
      ([key, value]) => key.startsWith('trait:') && value === 'required' && !asked.has(key.slice('trait:'.length)),
    ),
  );
  return keep({ ...so, forbiddenAggregates: [...so.forbiddenAggregates, ...closed.map((aggregate) => aggregate.uuid)] });
};

const requiredTraits = (spec: RequestSpec): ReadonlySet<string> =>
  new Set(
    [...Object.entries(spec.flavor.extra_specs), ...Object.entries(spec.image?.properties ?? {})]
      .filter(([key, value]) => /^trait[a-zA-Z0-9_-]*:/.test(key) && value === 'required')
      .map(([key]) => key.slice(key.indexOf(':') + 1)),
  );

/** A routed network reaches hosts of certain aggregates; ports may need devices of a host. */
function ofNetworks(so: QueryConstraints, networks: NetworkDemand): PreFilterResult {
  const dead = deadRoute(networks);
  if (dead === undefined) return keep(withNetworks(so, networks));
  return { outcome: 'impossible', rule: 'routed networks', reason: `Aggregates not found for the ${dead.of}` };
}

/**
 * Runs the pre-filters in order; the first that finds the request impossible ends it.
 * @param networks what was found out about the request's networks
 */
export function preFilter(
  spec: RequestSpec,
  aggregates: readonly AggregateFacts[],
  options: PreFilterOptions,
  networks: NetworkDemand = NO_NETWORK_DEMAND,
): PreFilterResult {
  let constraints = NO_CONSTRAINTS;
  for (const step of [tenantIsolation, availabilityZone, imageType, isolatedAggregates, imageMetadata, capabilities]) {
    const result = step(spec, aggregates, constraints, options);
    if (result.outcome === 'impossible') return result;
    constraints = result.constraints;
  }
  return ofNetworks(constraints, networks);
}
