// Host filters: pure rules, one file a noun. `FILTERS` is the list that configuration chooses from by name.
import { aggregateInstanceExtraSpecsFilter, aggregateMultiTenancyIsolation } from './aggregate.host-filter.js';
import { availabilityZoneFilter } from './availability-zone.host-filter.js';
import { computeFilter } from './compute.host-filter.js';
import { computeCapabilitiesFilter } from './compute-capabilities.host-filter.js';
import { differentHostFilter, sameHostFilter } from './hint.host-filter.js';
import type { HostFilter } from './host-filter.js';
import { imagePropertiesFilter } from './image-properties.host-filter.js';
import { affinityFilter, antiAffinityFilter } from './server-group.host-filter.js';

export * from './host-filter.js';

export const FILTERS: readonly HostFilter[] = [
  availabilityZoneFilter,
  computeFilter,
  computeCapabilitiesFilter,
  imagePropertiesFilter,
  antiAffinityFilter,
  affinityFilter,
  differentHostFilter,
  sameHostFilter,
  aggregateInstanceExtraSpecsFilter,
  aggregateMultiTenancyIsolation,
];

export const DEFAULT_FILTERS: readonly string[] = [
  'AvailabilityZoneFilter',
  'ComputeFilter',
  'ComputeCapabilitiesFilter',
  'ImagePropertiesFilter',
  'ServerGroupAntiAffinityFilter',
  'ServerGroupAffinityFilter',
  'DifferentHostFilter',
  'SameHostFilter',
];
