import type { RequestSpec } from '@kilonova/compute-objects';
import { describe, expect, it } from 'vitest';
import { facts, flavor, hostState, requestSpec } from '../../testing/builders.js';
import type { HostState } from '../host-state.js';
import { DEFAULT_FILTER_OPTIONS, FILTERS, type FilterOptions } from './index.js';

const IMAGE = {
  name: 'i',
  status: 'active',
  owner: null,
  disk_format: 'raw',
  container_format: 'bare',
  checksum: null,
  size: 1,
} as const;
const image = (properties: Record<string, string> = {}, id: string | null = 'image-1'): Partial<RequestSpec> => ({
  image: { ...IMAGE, id, min_ram: 0, min_disk: 0, created_at: null, updated_at: null, properties },
});
const hint = (name: string, ...values: string[]): Partial<RequestSpec> => ({ scheduler_hints: { [name]: values } });

const host = (over: Partial<HostState['facts']> = {}, state: Partial<HostState> = {}): HostState => {
  const base = hostState('a', state);
  return { ...base, facts: { ...base.facts, ...over } };
};
const stats = (given: Record<string, string>, state: Partial<HostState> = {}) => host({ stats: given }, state);
const within = (...metadata: Array<Record<string, string>>) => ({
  aggregates: metadata.map((entries, index) => ({ uuid: `agg${index}`, name: `agg${index}`, metadata: entries, hosts: ['a'] })),
});

/** Why a host is refused; undefined: it passes. */
function refusal(name: string, on: HostState, spec: Partial<RequestSpec> = {}, options: Partial<FilterOptions> = {}) {
  const filter = FILTERS.find((candidate) => candidate.name === name);
  const result = filter?.check(on, requestSpec(spec), facts({ options: { ...DEFAULT_FILTER_OPTIONS, ...options } }));
  if (result === undefined) throw new Error(`there is no ${name}`);
  return result.passes ? undefined : result.reason;
}

describe('limits on what a host has to do', () => {
  it.each([
    ['IoOpsFilter', stats({ io_workload: '7' }), undefined],
    ['IoOpsFilter', stats({ io_workload: '8' }), '8 builds and moves under way of at most 8'],
    ['IoOpsFilter', stats({ io_workload: '7' }, { taken: 1 }), '8 builds and moves under way of at most 8'],
    [
      'AggregateIoOpsFilter',
      stats({ io_workload: '3' }, within({ max_io_ops_per_host: '5' }, { max_io_ops_per_host: '3' })),
      '3 builds and moves under way of at most 3',
    ],
    ['AggregateIoOpsFilter', stats({ io_workload: '7' }, within({ max_io_ops_per_host: 'many' })), undefined],
    ['NumInstancesFilter', stats({ num_instances: '49' }), undefined],
    ['NumInstancesFilter', stats({ num_instances: '49' }, { taken: 1 }), '50 servers of at most 50'],
    [
      'AggregateNumInstancesFilter',
      stats({ num_instances: '2' }, within({ max_instances_per_host: '2' })),
      '2 servers of at most 2',
    ],
    ['AggregateNumInstancesFilter', stats({ num_instances: '60' }, within({ max_instances_per_host: '61' })), undefined],
  ])('%s', (name, on, expected) => expect(refusal(name, on)).toBe(expected));
});

describe('IsolatedHostsFilter', () => {
  const options = { isolatedImages: ['image-1'], isolatedHosts: ['a'] };
  const name = 'IsolatedHostsFilter';

  it('S0-14: takes a server that boots from a volume, whose image has no id, for one without an isolated image', () => {
    for (const spec of [image({}, null), { image: null, is_bfv: true }]) {
      expect(refusal(name, host(), spec, options)).toBe('the host is kept for isolated images');
      expect(refusal(name, host({ host: 'b' }), spec, options)).toBeUndefined();
      expect(refusal(name, host(), spec, { ...options, restrictIsolatedHostsToIsolatedImages: false })).toBeUndefined();
    }
  });

  it('keeps isolated images on isolated hosts', () => {
    expect(refusal(name, host(), image(), options)).toBeUndefined();
    expect(refusal(name, host({ host: 'b' }), image(), options)).toBe('the image is kept for isolated hosts');
    expect(refusal(name, host(), image({}, 'image-2'), options)).toBe('the host is kept for isolated images');
    expect(refusal(name, host(), image())).toBeUndefined();
  });
});

describe('filters on aggregates', () => {
  it('AggregateTypeAffinityFilter keeps aggregates for the flavors that they name', () => {
    const name = 'AggregateTypeAffinityFilter';
    expect(refusal(name, host({}, within({ instance_type: 'm1.small, m1.tiny' })))).toBeUndefined();
    expect(refusal(name, host({}, within({ instance_type: 'm1.small' })))).toBe('the host is kept for flavors m1.small');
    expect(refusal(name, host())).toBeUndefined();
  });

  it('AggregateImagePropertiesIsolation compares the properties that both have', () => {
    const name = 'AggregateImagePropertiesIsolation';
    const linux = host({}, within({ os_distro: 'debian,fedora', other: 'x' }));
    expect(refusal(name, linux, image({ os_distro: 'fedora' }))).toBeUndefined();
    expect(refusal(name, linux, image())).toBeUndefined();
    expect(refusal(name, linux, image({ os_distro: 'windows' }))).toBe(
      'the host is kept for images with os_distro = debian or fedora',
    );
    const options = { aggregateImagePropertiesIsolationNamespace: 'os' };
    expect(refusal(name, linux, image({ os_distro: 'windows' }), options)).toBeUndefined();
    expect(
      refusal(name, linux, image({ os_distro: 'windows' }), { ...options, aggregateImagePropertiesIsolationSeparator: '_' }),
    ).toBeDefined();
  });
});

describe('what images and flavors ask of a hypervisor', () => {
  it.each([
    [6_001_002, '>=6.1.2', true],
    [6_001_002, '>=6.1, <7', true],
    [6_001_002, '>=6.2', false],
    [6_001_002, '==6.1.2', true],
    [6_001_002, '!=6.1.2', false],
    [6_001_002, 'new', false],
  ])('ImagePropertiesFilter: version %i for %s', (hypervisorVersion, img_hv_requested_version, passes) => {
    expect(refusal('ImagePropertiesFilter', host({ hypervisorVersion }), image({ img_hv_requested_version })) === undefined).toBe(
      passes,
    );
  });

  it('ImagePropertiesFilter takes the default architecture for images that name none', () => {
    const options = { imagePropertiesDefaultArchitecture: 'aarch64' };
    expect(refusal('ImagePropertiesFilter', host(), image(), options)).toContain('aarch64/any/any');
    expect(refusal('ImagePropertiesFilter', host(), image({ hw_architecture: 'x86_64' }), options)).toBeUndefined();
  });

  it('ComputeCapabilitiesFilter goes into what a host tells as JSON', () => {
    const on = host({ cpuInfo: '{"vendor": "Intel", "topology": {"cores": 8}}' });
    const check = (specs: Record<string, string>) => refusal('ComputeCapabilitiesFilter', on, { flavor: flavor(specs) });
    expect(check({ 'capabilities:cpu_info:topology:cores': '>= 8' })).toBeUndefined();
    expect(check({ 'capabilities:cpu_info:vendor': 'AMD' })).toContain('is Intel, wanted AMD');
    expect(check({ 'capabilities:cpu_info:vendor:name': 'x' })).toContain('the host reports no');
  });
});

describe('hints', () => {
  it.each([
    ['10.1.2.3', hint('build_near_host_ip', '10.1.2.200'), true],
    ['10.1.3.3', hint('build_near_host_ip', '10.1.2.200'), false],
    ['10.1.3.3', { scheduler_hints: { build_near_host_ip: ['10.1.2.200'], cidr: ['/16'] } }, true],
    ['10.1.3.3', { scheduler_hints: { build_near_host_ip: ['10.1.2.200'], cidr: ['/99'] } }, false],
    ['fd00::1', { scheduler_hints: { build_near_host_ip: ['fd00::2'], cidr: ['/64'] } }, true],
    ['10.1.2.3', {}, true],
  ])('SimpleCIDRAffinityFilter: %s for %j', (hostIp, spec, passes) => {
    expect(refusal('SimpleCIDRAffinityFilter', host({ hostIp }), spec) === undefined).toBe(passes);
  });

  it.each([
    ['["and", [">=", "$free_ram_mb", 1024], [">=", "$free_disk_mb", 1024]]', true],
    ['[">", "$free_ram_mb", 999999]', false],
    ['["or", ["=", "$host", "b"], ["in", "$host", "x", "a"]]', true],
    ['["not", ["=", "$hypervisor_type", "fake"]]', false],
    ['["=", "$stats.zone", "left"]', true],
    ['["<=", "$nothing", 1]', false],
    ['["constructor", 1]', false],
    ['{"no": "list"}', false],
    ['[[[', false],
  ])('JsonFilter: %s', (query, passes) => {
    expect(refusal('JsonFilter', stats({ zone: 'left' }), hint('query', query)) === undefined).toBe(passes);
  });

  it('C2: JsonFilter gives short reasons, as they are kept for each host', () => {
    const long = JSON.stringify(['=', 'x'.repeat(10_000), 'y']);
    expect(refusal('JsonFilter', host(), hint('query', long))?.length).toBeLessThan(300);
    expect(refusal('JsonFilter', host(), hint('query', `nonsense ${long}`))?.length).toBeLessThan(300);
    expect(refusal('JsonFilter', host(), hint('query', '["=", "$constructor", null]'))).toBeDefined();
  });

  it('JsonFilter says what it cannot read, however deep it is', () => {
    expect(refusal('JsonFilter', host(), hint('query', '["xor", 1]'))).toContain('there is no operator "xor"');
    expect(refusal('JsonFilter', host(), hint('query', `${'["not",'.repeat(40)}true${']'.repeat(40)}`))).toContain('too deep');
  });
});

it('MetricsFilter asks for every metric that is weighed by', () => {
  const options = { metricsWeightSetting: ['load = -1', 'heat'] };
  expect(refusal('MetricsFilter', stats({ 'metrics.load': '1', 'metrics.heat': '2' }), {}, options)).toBeUndefined();
  expect(refusal('MetricsFilter', stats({ 'metrics.load': '1' }), {}, options)).toBe('the host reports no metric heat');
});

it('AllHostsFilter takes every host', () => expect(refusal('AllHostsFilter', host())).toBeUndefined());
