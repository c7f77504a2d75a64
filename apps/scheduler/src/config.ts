import { apiDatabaseSectionOf } from '@kilonova/api-db';
import { cellsSectionOf } from '@kilonova/cells';
import { defineSection, healthSection, logSection, option, pciSection, resilienceSection } from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';
import { servingMessagingSection } from '@kilonova/messaging';
import { networkSection } from '@kilonova/network-client';
import { notificationsSection } from '@kilonova/notifications';
import { placementSection } from '@kilonova/placement-client';
import { DEFAULT_FILTERS } from './model/filters/index.js';

export const schedulerSection = defineSection('scheduler', {
  host: option.string({ default: 'localhost', help: 'The name of this process in service lists and notifications.' }),
  maxAttempts: option.int({
    default: 3,
    min: 1,
    max: 100,
    help: 'Hosts that a build may be tried on; 1 means that a failed spawn ends in ERROR.',
  }),
  maxPlacementResults: option.int({
    default: 1000,
    min: 1,
    help: 'The most candidates that are asked of placement for one request.',
  }),
  enabledFilters: option.list({ default: DEFAULT_FILTERS, help: 'The filters that are applied, in this order.' }),
  hostSubsetSize: option.int({
    default: 1,
    min: 1,
    help: 'A host is taken at random from the best so many; more spreads the load of several schedulers.',
  }),
  serviceDownTimeSeconds: option.duration({
    default: 60,
    min: 1,
    help: 'A host that has been silent for longer gets no servers.',
  }),
  defaultAvailabilityZone: option.string({ default: 'nova', help: 'The zone of hosts that no aggregate puts elsewhere.' }),
  limitTenantsToPlacementAggregate: option.bool({
    default: false,
    help: 'Keep aggregates with filter_tenant_id for their tenants, and tenants in theirs.',
  }),
  placementAggregateRequiredForTenants: option.bool({
    default: false,
    help: 'With the above: a tenant without an aggregate gets no host.',
  }),
  queryPlacementForImageTypeSupport: option.bool({
    default: false,
    help: "Ask placement for hosts that support the image's format.",
  }),
  enableIsolatedAggregateFiltering: option.bool({
    default: false,
    help: 'Keep aggregates with trait:X=required for requests that require X.',
  }),
  imageMetadataPrefilter: option.bool({
    default: false,
    help: "Ask placement for hosts with the buses, models and architecture that an image's properties name.",
  }),
  queryPlacementForRoutedNetworkAggregates: option.bool({
    default: false,
    help: 'Ask placement for hosts that the segments of routed networks reach. Needs a network service in the section network.',
  }),
  pictureRefreshSeconds: option.duration({
    default: 0.5,
    min: 0.05,
    help: 'Between readings of what changed in cells and aggregates: so late a disabled host may still be chosen.',
  }),
  candidateSample: option.int({
    default: 200,
    min: 0,
    help: 'Candidates of a random sample that a request is weighed over at first, more for many servers; 0 always asks for maxPlacementResults.',
  }),
  rankingAgeSeconds: option.duration({
    default: 1,
    min: 0,
    help: 'How long requests for the like share one question to placement and one ranking; 0: only those that arrive together.',
  }),
  reportIntervalSeconds: option.duration({ default: 10, min: 0.1, help: 'Between heartbeats.' }),
  concurrentRequests: option.int({ default: 32, min: 1, max: 1024, help: 'Requests that this process schedules at once.' }),
});

export const hostFiltersSection = defineSection('hostFilters', {
  maxIoOpsPerHost: option.int({ default: 8, min: 1, help: 'IoOpsFilter: builds and moves under way on one host.' }),
  maxInstancesPerHost: option.int({ default: 50, min: 1, help: 'NumInstancesFilter: servers on one host.' }),
  isolatedImages: option.list({ default: [], help: 'IsolatedHostsFilter: images that run on isolated hosts only, by id.' }),
  isolatedHosts: option.list({ default: [], help: 'IsolatedHostsFilter: hosts that are kept for isolated images.' }),
  restrictIsolatedHostsToIsolatedImages: option.bool({
    default: true,
    help: 'IsolatedHostsFilter: false lets other images onto isolated hosts.',
  }),
  aggregateImagePropertiesIsolationNamespace: option.string({
    default: '',
    help: 'AggregateImagePropertiesIsolation: only properties in this namespace are compared; empty: all.',
  }),
  aggregateImagePropertiesIsolationSeparator: option.string({ default: '.', help: 'What ends the namespace.' }),
  imagePropertiesDefaultArchitecture: option.string({
    default: '',
    help: 'ImagePropertiesFilter: the architecture of images that name none; empty: any.',
  }),
  metricsWeightSetting: option.list({
    default: [],
    help: 'Metrics that hosts are weighed by, name=ratio; MetricsFilter asks for all of them.',
  }),
  imagePropsWeightSetting: option.list({
    default: [],
    help: 'Image properties that hosts are weighed by, name=weight; empty: all that hosts tell of, each with 1.',
  }),
});

export const weighersSection = defineSection('weighers', {
  ram: option.float({ default: 1, min: -1e9, help: 'Positive prefers hosts with much free memory.' }),
  cpu: option.float({ default: 1, min: -1e9, help: 'Positive prefers hosts with many free CPUs.' }),
  disk: option.float({ default: 1, min: -1e9, help: 'Positive prefers hosts with much free disk.' }),
  ioOps: option.float({ default: -1, min: -1e9, help: 'Negative avoids hosts with builds under way.' }),
  softAffinity: option.float({ default: 1, min: 0, help: 'How much soft-affinity counts.' }),
  softAntiAffinity: option.float({ default: 1, min: 0, help: 'How much soft-anti-affinity counts.' }),
  buildFailure: option.float({ default: 1_000_000, min: 0, help: 'How much failed builds in a row count against a host.' }),
  numInstances: option.float({ default: 0, min: -1e9, help: 'Positive packs servers together, negative spreads them.' }),
  hypervisorVersion: option.float({ default: 1, min: -1e9, help: 'Positive prefers newer hypervisors.' }),
  metrics: option.float({ default: 1, min: -1e9, help: 'How much the metrics of hostFilters.metricsWeightSetting count.' }),
  pci: option.float({ default: 1, min: 0, help: 'Positive keeps hosts with PCI devices for servers that ask for some.' }),
  crossCellMove: option.float({ default: 1_000_000, min: -1e9, help: 'Positive keeps servers that move in their cell.' }),
  imageProps: option.float({
    default: 0,
    min: -1e9,
    help: 'Positive puts servers beside others whose images have the same properties, negative elsewhere.',
  }),
});

export const messagingSection = servingMessagingSection;

/** Read only: it names the cells and the aggregates. */
export const apiDatabaseSection = apiDatabaseSectionOf({ poolSize: 4, statementTimeoutSeconds: 5 });

export const cellsSection = cellsSectionOf({ poolSize: 4, timeoutSeconds: 5, breakerResetSeconds: 2, refreshSeconds: 5 });

/** All that a scheduler reads. */
export const schedulerSections = [
  schedulerSection,
  hostFiltersSection,
  weighersSection,
  messagingSection,
  apiDatabaseSection,
  cellsSection,
  placementSection,
  keystoneSection,
  notificationsSection,
  pciSection,
  networkSection,
  healthSection,
  resilienceSection,
  logSection,
] as const;
