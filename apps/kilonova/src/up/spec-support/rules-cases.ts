import { ALIASES, type RulesHost, type RulesOptions } from './rules-cloud.js';

/** What a scheduler with one rule makes of two or three hosts. Hosts are named by letters. */
export interface RulesCase {
  /** The filter's or weigher's name. */
  readonly rule: string;
  readonly what: string;
  readonly options?: RulesOptions;
  readonly hosts: Readonly<Record<string, RulesHost>>;
  readonly flavor?: { readonly specs?: Readonly<Record<string, string>>; readonly size?: object };
  readonly image?: Readonly<Record<string, string>>;
  readonly hints?: Readonly<Record<string, unknown>>;
  /** Servers that are booted before, on these hosts; the hint `other` is made of the first. */
  readonly before?: ReadonlyArray<{ readonly on: string; readonly image?: Readonly<Record<string, string>> }>;
  /** A hint whose value is the server that was booted first. */
  readonly hintOfFirst?: string;
  readonly group?: { readonly policy: string; readonly rules?: object };
  /** The host that is chosen; null: none. */
  readonly chosen: string | null;
  /** Why the others are refused. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** Filters of a case, beside those that cannot be left out. */
const only = (...enabledFilters: string[]): RulesOptions => ({ scheduler: { enabledFilters } });
const filters = (name: string, more: RulesOptions = {}): RulesOptions => ({ ...only(name), ...more });
const weighing = (name: string, multiplier: number, more: RulesOptions = {}): RulesOptions => ({
  ...only('AllHostsFilter'),
  weighers: { ...ZERO, [name]: multiplier },
  ...more,
});
const ZERO = {
  ram: 0,
  cpu: 0,
  disk: 0,
  ioOps: 0,
  softAffinity: 0,
  softAntiAffinity: 0,
  buildFailure: 0,
  numInstances: 0,
  hypervisorVersion: 0,
  metrics: 0,
  pci: 0,
  crossCellMove: 0,
  imageProps: 0,
};

const CELL = { id: 0, socket: 0, cpus: [0, 1], pcpus: [2, 3], siblings: [[2, 3]], memory_mb: 4096, pages: [] };
const GPU = { vendor_id: '10de', product_id: '1eb8', dev_type: 'type-PCI', numa_node: 0, count: 1 } as const;

const FILTER_CASES: readonly RulesCase[] = [
  {
    rule: 'AllHostsFilter',
    what: 'takes any',
    options: filters('AllHostsFilter'),
    hosts: { a: { silentSeconds: 999 } },
    chosen: 'a',
  },
  {
    rule: 'ComputeFilter',
    what: 'refuses silent hosts',
    options: filters('ComputeFilter', { scheduler: { enabledFilters: ['ComputeFilter'], serviceDownTimeSeconds: 30 } }),
    hosts: { a: { silentSeconds: 4000 }, b: {} },
    chosen: 'b',
    refused: { a: 'the compute service has been silent for' },
  },
  {
    rule: 'AvailabilityZoneFilter',
    what: 'keeps to the zone',
    options: filters('AvailabilityZoneFilter'),
    hosts: { a: {} },
    chosen: 'a',
  },
  {
    rule: 'ComputeCapabilitiesFilter',
    what: 'compares with what the hypervisor says',
    options: filters('ComputeCapabilitiesFilter'),
    hosts: { a: { hypervisorVersion: 900 }, b: {} },
    flavor: { specs: { 'capabilities:hypervisor_version': '>= 1000', 'capabilities:cpu_info:vendor': 'Intel' } },
    chosen: 'b',
    refused: { a: 'hypervisor_version is 900, wanted >= 1000' },
  },
  {
    rule: 'ImagePropertiesFilter',
    what: 'asks for the architecture',
    options: filters('ImagePropertiesFilter'),
    hosts: { a: {} },
    image: { hw_architecture: 'ppc64' },
    chosen: null,
    refused: { a: 'ppc64' },
  },
  {
    rule: 'ServerGroupAntiAffinityFilter',
    what: 'keeps members apart',
    options: filters('ServerGroupAntiAffinityFilter'),
    hosts: { a: {}, b: {} },
    group: { policy: 'anti-affinity' },
    before: [{ on: 'a' }],
    chosen: 'b',
    refused: { a: '1 of at most 1 members of the server group are here' },
  },
  {
    rule: 'ServerGroupAffinityFilter',
    what: 'keeps members together',
    options: filters('ServerGroupAffinityFilter'),
    hosts: { a: {}, b: {} },
    group: { policy: 'affinity' },
    before: [{ on: 'b' }],
    chosen: 'b',
    refused: { a: 'the server group lives on another host' },
  },
  {
    rule: 'DifferentHostFilter',
    what: 'goes elsewhere',
    options: filters('DifferentHostFilter'),
    hosts: { a: {}, b: {} },
    before: [{ on: 'a' }],
    hintOfFirst: 'different_host',
    chosen: 'b',
    refused: { a: 'an instance to be kept apart is here' },
  },
  {
    rule: 'SameHostFilter',
    what: 'goes along',
    options: filters('SameHostFilter'),
    hosts: { a: {}, b: {} },
    before: [{ on: 'b' }],
    hintOfFirst: 'same_host',
    chosen: 'b',
    refused: { a: 'none of the instances to be joined is here' },
  },
  {
    rule: 'AggregateInstanceExtraSpecsFilter',
    what: 'asks for metadata',
    options: filters('AggregateInstanceExtraSpecsFilter'),
    hosts: { a: { aggregate: { ssd: 'no' } }, b: { aggregate: { ssd: 'yes,true' } } },
    flavor: { specs: { 'aggregate_instance_extra_specs:ssd': 'true' } },
    chosen: 'b',
    refused: { a: 'no aggregate of the host has ssd = true' },
  },
  {
    rule: 'AggregateMultiTenancyIsolation',
    what: 'keeps hosts for projects',
    options: filters('AggregateMultiTenancyIsolation'),
    hosts: { a: { aggregate: { filter_tenant_id: 'another' } }, b: {} },
    chosen: 'b',
    refused: { a: 'the host is kept for other projects' },
  },
  {
    rule: 'AggregateTypeAffinityFilter',
    what: 'keeps hosts for flavors',
    options: filters('AggregateTypeAffinityFilter'),
    hosts: { a: { aggregate: { instance_type: 'm1.other' } }, b: {} },
    chosen: 'b',
    refused: { a: 'the host is kept for flavors m1.other' },
  },
  {
    rule: 'AggregateImagePropertiesIsolation',
    what: 'keeps hosts for images',
    options: filters('AggregateImagePropertiesIsolation', {
      hostFilters: { aggregateImagePropertiesIsolationNamespace: 'os', aggregateImagePropertiesIsolationSeparator: '_' },
    }),
    hosts: { a: { aggregate: { os_type: 'windows' } }, b: { aggregate: { os_type: 'linux' } } },
    image: { os_type: 'linux' },
    chosen: 'b',
    refused: { a: 'the host is kept for images with os_type = windows' },
  },
  {
    rule: 'IsolatedHostsFilter',
    what: 'keeps hosts for isolated images',
    options: filters('IsolatedHostsFilter', { hostFilters: { isolatedHosts: ['IsolatedHostsFilter-a'] } }),
    hosts: { a: {}, b: {} },
    chosen: 'b',
    refused: { a: 'the host is kept for isolated images' },
  },
  {
    rule: 'IoOpsFilter',
    what: 'spares busy hosts',
    options: filters('IoOpsFilter', { hostFilters: { maxIoOpsPerHost: 2 } }),
    hosts: { a: { stats: { io_workload: '2' } }, b: { stats: { io_workload: '1' } } },
    chosen: 'b',
    refused: { a: '2 builds and moves under way of at most 2' },
  },
  {
    rule: 'AggregateIoOpsFilter',
    what: 'spares busy hosts of an aggregate',
    options: filters('AggregateIoOpsFilter'),
    hosts: { a: { stats: { io_workload: '1' }, aggregate: { max_io_ops_per_host: '1' } }, b: { stats: { io_workload: '1' } } },
    chosen: 'b',
    refused: { a: '1 builds and moves under way of at most 1' },
  },
  {
    rule: 'NumInstancesFilter',
    what: 'spares hosts with many servers',
    options: filters('NumInstancesFilter', { hostFilters: { maxInstancesPerHost: 3 } }),
    hosts: { a: { stats: { num_instances: '3' } }, b: {} },
    chosen: 'b',
    refused: { a: '3 servers of at most 3' },
  },
  {
    rule: 'AggregateNumInstancesFilter',
    what: 'spares hosts of an aggregate with many servers',
    options: filters('AggregateNumInstancesFilter'),
    hosts: {
      a: { stats: { num_instances: '1' }, aggregate: { max_instances_per_host: '1' } },
      b: { stats: { num_instances: '1' } },
    },
    chosen: 'b',
    refused: { a: '1 servers of at most 1' },
  },
  {
    rule: 'SimpleCIDRAffinityFilter',
    what: 'stays in a network',
    options: filters('SimpleCIDRAffinityFilter'),
    hosts: { a: { hostIp: '10.0.1.1' }, b: { hostIp: '10.0.2.1' } },
    hints: { build_near_host_ip: '10.0.2.9', cidr: '/24' },
    chosen: 'b',
    refused: { a: 'its address 10.0.1.1 is not in 10.0.2.9/24' },
  },
  {
    rule: 'JsonFilter',
    what: 'evaluates a query',
    options: filters('JsonFilter'),
    hosts: { a: { memoryMb: 1024 }, b: {} },
    hints: { query: '[">=", "$free_ram_mb", 4096]' },
    chosen: 'b',
    refused: { a: 'the query of the hint does not hold' },
  },
  {
    rule: 'MetricsFilter',
    what: 'asks for metrics',
    options: filters('MetricsFilter', { hostFilters: { metricsWeightSetting: ['heat=-1'] } }),
    hosts: { a: {}, b: { stats: { 'metrics.heat': '7' } } },
    chosen: 'b',
    refused: { a: 'the host reports no metric heat' },
  },
  {
    rule: 'NUMATopologyFilter',
    what: 'lays guests on cells',
    options: filters('NUMATopologyFilter'),
    hosts: {
      a: { pcpus: 2, hardware: { cells: [{ ...CELL, pcpus: [2], siblings: [] }], pools: [] } },
      b: { pcpus: 2, hardware: { cells: [CELL], pools: [] } },
    },
    flavor: { specs: { 'hw:cpu_policy': 'dedicated' }, size: { vcpus: 2 } },
    chosen: 'b',
    refused: { a: 'NUMA cell 0: 1 dedicated CPUs are left, wanted 2 with thread policy prefer' },
  },
  {
    rule: 'PciPassthroughFilter',
    what: 'counts devices',
    options: filters('PciPassthroughFilter', ALIASES),
    hosts: { a: { hardware: { cells: [], pools: [] } }, b: { hardware: { cells: [], pools: [GPU] } } },
    flavor: { specs: { 'pci_passthrough:alias': 'gpu:1' } },
    chosen: 'b',
    refused: { a: '0 of 1 devices of PCI alias gpu are free' },
  },
];

const WEIGHER_CASES: readonly RulesCase[] = [
  { rule: 'ram', what: 'much memory first', options: weighing('ram', 1), hosts: { a: { memoryMb: 2048 }, b: {} }, chosen: 'b' },
  { rule: 'cpu', what: 'few CPUs first', options: weighing('cpu', -1), hosts: { a: {}, b: { vcpus: 2 } }, chosen: 'b' },
  { rule: 'disk', what: 'much disk first', options: weighing('disk', 1), hosts: { a: { diskGb: 10 }, b: {} }, chosen: 'b' },
  {
    rule: 'ioOps',
    what: 'idle first',
    options: weighing('ioOps', -1),
    hosts: { a: { stats: { io_workload: '3' } }, b: {} },
    chosen: 'b',
  },
  {
    rule: 'softAffinity',
    what: 'beside members',
    options: weighing('softAffinity', 1),
    hosts: { a: {}, b: {} },
    group: { policy: 'soft-affinity' },
    before: [{ on: 'b' }],
    chosen: 'b',
  },
  {
    rule: 'softAntiAffinity',
    what: 'away from members',
    options: weighing('softAntiAffinity', 1),
    hosts: { a: {}, b: {} },
    group: { policy: 'soft-anti-affinity' },
    before: [{ on: 'a' }, { on: 'a' }],
    chosen: 'b',
  },
  {
    rule: 'buildFailure',
    what: 'away from failures',
    options: weighing('buildFailure', 1),
    hosts: { a: { stats: { failed_builds: '2' } }, b: {} },
    chosen: 'b',
  },
  {
    rule: 'numInstances',
    what: 'packs',
    options: weighing('numInstances', 1),
    hosts: { a: {}, b: { stats: { num_instances: '4' } } },
    chosen: 'b',
  },
  {
    rule: 'hypervisorVersion',
    what: 'old ones first',
    options: weighing('hypervisorVersion', -1),
    hosts: { a: {}, b: { hypervisorVersion: 900 } },
    chosen: 'b',
  },
  {
    rule: 'metrics',
    what: 'cold first',
    options: weighing('metrics', 1, { hostFilters: { metricsWeightSetting: ['heat=-1'] } }),
    hosts: { a: { stats: { 'metrics.heat': '9' } }, b: { stats: { 'metrics.heat': '1' } } },
    chosen: 'b',
  },
  {
    rule: 'pci',
    what: 'few devices first',
    options: weighing('pci', 1, ALIASES),
    hosts: { a: { hardware: { cells: [], pools: [{ ...GPU, count: 4 }] } }, b: { hardware: { cells: [], pools: [GPU] } } },
    flavor: { specs: { 'pci_passthrough:alias': 'gpu:1' } },
    chosen: 'b',
  },
  {
    rule: 'imageProps',
    what: 'beside the like',
    options: weighing('imageProps', 1, { hostFilters: { imagePropsWeightSetting: ['os_type=2'] } }),
    hosts: { a: {}, b: { stats: { image_properties: '{"os_type=linux": 3}' } } },
    image: { os_type: 'linux' },
    chosen: 'b',
  },
  {
    rule: 'ram',
    what: 'as the aggregate says',
    options: weighing('ram', 1),
    hosts: {
      a: { aggregate: { ram_weight_multiplier: '-5' } },
      b: { memoryMb: 4096, aggregate: { ram_weight_multiplier: '2' } },
    },
    chosen: 'b',
  },
];

export const RULES_CASES: readonly RulesCase[] = [...FILTER_CASES, ...WEIGHER_CASES];
/** Weighers that cannot show over HTTP: no move leaves its cell. */
export const NOT_SHOWN: readonly string[] = ['crossCellMove'];
