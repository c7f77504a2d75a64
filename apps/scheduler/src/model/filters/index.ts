// Host filters: pure rules, one file a noun. `FILTERS` is the list that configuration chooses from by name.
import {
  aggregateImagePropertiesIsolation,
  aggregateInstanceExtraSpecsFilter,
  aggregateMultiTenancyIsolation,
  aggregateTypeAffinityFilter,
} from './aggregate.host-filter.js';
import { availabilityZoneFilter } from './availability-zone.host-filter.js';
import { simpleCidrAffinityFilter } from './cidr.host-filter.js';
import { computeFilter } from './compute.host-filter.js';
import { computeCapabilitiesFilter } from './compute-capabilities.host-filter.js';
import { numaTopologyFilter, pciPassthroughFilter } from './hardware.host-filter.js';
import { differentHostFilter, sameHostFilter } from './hint.host-filter.js';
import type { HostFilter } from './host-filter.js';
import { imagePropertiesFilter } from './image-properties.host-filter.js';
import { allHostsFilter, isolatedHostsFilter } from './isolated-hosts.host-filter.js';
import { jsonFilter } from './json.host-filter.js';
import { aggregateIoOpsFilter, aggregateNumInstancesFilter, ioOpsFilter, numInstancesFilter } from './load.host-filter.js';
import { metricsFilter } from './metrics.host-filter.js';
import { affinityFilter, antiAffinityFilter } from './server-group.host-filter.js';

export { DEFAULT_FILTER_OPTIONS, type FilterOptions } from './filter-options.js';
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
  aggregateTypeAffinityFilter,
  aggregateImagePropertiesIsolation,
  allHostsFilter,
  isolatedHostsFilter,
  ioOpsFilter,
  aggregateIoOpsFilter,
  numInstancesFilter,
  aggregateNumInstancesFilter,
  simpleCidrAffinityFilter,
  jsonFilter,
  metricsFilter,
  numaTopologyFilter,
  pciPassthroughFilter,
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
