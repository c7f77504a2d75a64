import type { RequestSpec } from '@kilonova/compute-objects';
import { describe, expect, it } from 'vitest';
import { flavor, requestSpec } from '../../testing/builders.js';
import type { AggregateFacts } from '../host-state.js';
import { NO_CONSTRAINTS, placementQuery } from './placement-query.js';
import { preFilter } from './pre-filters.js';
import { resourceGroups } from './resources.js';

const query = (extraSpecs: Record<string, string>, over = {}) =>
  new URLSearchParams(placementQuery(requestSpec({ flavor: flavor(extraSpecs), ...over }), NO_CONSTRAINTS, 1000));

const OFF = {
  limitTenantsToPlacementAggregate: false,
  placementAggregateRequiredForTenants: false,
  queryPlacementForImageTypeSupport: false,
  enableIsolatedAggregateFiltering: false,
  imageMetadataPrefilter: false,
};

describe('the placement query', () => {
  it('asks for the flavor and leaves disabled computes out', () => {
    const asked = query({});
    expect(asked.get('resources')).toBe('VCPU:1,MEMORY_MB:512,DISK_GB:1');
    expect(asked.get('root_required')).toBe('!COMPUTE_STATUS_DISABLED');
    expect(asked.get('limit')).toBe('1000');
  });

  it('lets extra specs override and remove resources', () => {
    const asked = query({ 'resources:VCPU': '0', 'resources:CUSTOM_GPU': '2' });
    expect(asked.get('resources')).toBe('MEMORY_MB:512,DISK_GB:1,CUSTOM_GPU:2');
  });

  it('keeps suffixed groups apart, with the policy that the flavor names and no other', () => {
    const asked = query({
      'resources1:VGPU': '1',
      'trait1:CUSTOM_A': 'required',
      'resources2:VGPU': '1',
      'trait2:CUSTOM_B': 'forbidden',
    });
    expect([asked.get('resources1'), asked.get('required1'), asked.get('required2')]).toEqual([
      'VGPU:1',
      'CUSTOM_A',
      '!CUSTOM_B',
    ]);
    expect(asked.has('group_policy')).toBe(false);
    expect(query({ 'resources1:VGPU': '1', 'resources2:VGPU': '1', group_policy: 'isolate' }).get('group_policy')).toBe(
      'isolate',
    );
  });

  it('S0-13: ties groups to one subtree, with a group for the provider above them', () => {
    const asked = query({
      'resources_CPU:VCPU': '1',
      'resources_GPU:VGPU': '1',
      'trait_CELL:HW_NUMA_ROOT': 'required',
      group_policy: 'none',
      same_subtree: '_CPU, _GPU,_CELL',
      same_subtree2: '_CPU,_CELL',
    });
    expect([asked.get('required_CELL'), asked.has('resources_CELL')]).toEqual(['HW_NUMA_ROOT', false]);
    expect(asked.getAll('same_subtree')).toEqual(['_CPU,_GPU,_CELL', '_CPU,_CELL']);
    expect(query({}).has('same_subtree')).toBe(false);
  });

  it('leaves VCPU out when dedicated CPUs are asked for', () => {
    expect(resourceGroups(requestSpec({ flavor: flavor({ 'resources:PCPU': '2' }) }))[0]?.resources).toEqual({
      MEMORY_MB: 512,
      DISK_GB: 1,
      PCPU: 2,
    });
  });

  it('asks no root disk of a server that boots from a volume, and counts swap in GiB', () => {
    const spec = requestSpec({ is_bfv: true, flavor: { ...flavor(), swap: 1025 } });
    expect(resourceGroups(spec)[0]?.resources['DISK_GB']).toBe(2);
  });
});

describe('hardware that flavor and image name', () => {
  const image = (properties: Record<string, string>) => ({
    image: { ...({} as NonNullable<RequestSpec['image']>), id: 'i', disk_format: null, properties },
  });
  const traits = (extraSpecs: Record<string, string>, properties: Record<string, string> = {}) =>
    query(extraSpecs, image(properties)).get('required')?.split(',');
  const cpus = (extraSpecs: Record<string, string>, vcpus = 4) =>
    resourceGroups(requestSpec({ flavor: { ...flavor(extraSpecs), vcpus } }))[0]?.resources;

  it.each([
    [{}, { VCPU: 4 }],
    [{ 'hw:cpu_policy': 'dedicated' }, { PCPU: 4 }],
    [{ 'hw:cpu_policy': 'dedicated', 'hw:emulator_threads_policy': 'isolate' }, { PCPU: 5 }],
    [
      { 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '^0-1' },
      { VCPU: 2, PCPU: 2 },
    ],
    [
      { 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '1-3,^2' },
      { VCPU: 2, PCPU: 2 },
    ],
    [
      { 'hw:cpu_policy': 'mixed', 'hw:cpu_realtime': 'yes', 'hw:cpu_realtime_mask': '^0' },
      { VCPU: 1, PCPU: 3 },
    ],
    [{ 'resources:VCPU': '2' }, { VCPU: 2 }],
    [{ 'resources1:PCPU': '2' }, {}],
    [{ 'hw:pmem': '6GB, 6GB,small' }, { VCPU: 4, CUSTOM_PMEM_NAMESPACE_6GB: 2, CUSTOM_PMEM_NAMESPACE_SMALL: 1 }],
    [{ 'hw:mem_encryption': 'true' }, { VCPU: 4, MEM_ENCRYPTION_CONTEXT: 1 }],
  ] as const)('%j asks for %j', (extraSpecs, expected) => {
    expect(cpus(extraSpecs)).toEqual({ MEMORY_MB: 512, DISK_GB: 1, ...expected });
  });

  it.each([
    [{ 'hw:cpu_thread_policy': 'isolate' }, {}, ['!HW_CPU_HYPERTHREADING']],
    [{}, { hw_cpu_thread_policy: 'require' }, ['HW_CPU_HYPERTHREADING']],
    [{ 'hw:mem_encryption': 'true', 'hw:mem_encryption_model': 'amd-sev-es' }, {}, ['HW_CPU_X86_AMD_SEV_ES']],
    [{}, { hw_tpm_version: '1.2', hw_tpm_model: 'tpm-tis' }, ['COMPUTE_SECURITY_TPM_1_2', 'COMPUTE_SECURITY_TPM_TIS']],
    [{}, { os_secure_boot: 'required' }, ['COMPUTE_SECURITY_UEFI_SECURE_BOOT']],
    [{ 'os:secure_boot': 'required' }, {}, ['COMPUTE_SECURITY_UEFI_SECURE_BOOT']],
    [{ 'os:secure_boot': 'optional' }, {}, undefined],
    [{ 'hw:maxphysaddr_mode': 'emulate' }, {}, ['COMPUTE_ADDRESS_SPACE_EMULATED']],
    [{}, { hw_firmware_stateless: 'true' }, ['COMPUTE_SECURITY_STATELESS_FIRMWARE']],
    [
      { 'trait:CUSTOM_A': 'required', 'trait:CUSTOM_B': 'forbidden' },
      { 'trait:CUSTOM_C': 'required' },
      ['CUSTOM_C', 'CUSTOM_A', '!CUSTOM_B'],
    ],
  ])('flavor %j and image %j require %j', (extraSpecs, properties, expected) => {
    expect(traits(extraSpecs, properties as Record<string, string>)).toEqual(expected);
  });

  it.each([
    [{ 'accel:device_profile': 'p' }, {}, ['COMPUTE_ACCELERATORS']],
    [{ 'hw:virtio_packed_ring': 'true' }, {}, ['COMPUTE_NET_VIRTIO_PACKED']],
    [
      {},
      { hw_ephemeral_encryption: 'true', hw_ephemeral_encryption_format: 'luks' },
      ['COMPUTE_EPHEMERAL_ENCRYPTION', 'COMPUTE_EPHEMERAL_ENCRYPTION_LUKS'],
    ],
    [{}, { hw_sound_model: 'virtio' }, ['COMPUTE_SOUND_MODEL_VIRTIO']],
    [{}, { hw_sound_model: 'ich9' }, []],
    [{ 'hw:tpm_version': '2.0', 'hw:tpm_secret_security': 'host' }, {}, ['COMPUTE_SECURITY_TPM_SECRET_SECURITY_HOST']],
    [{ 'hw:tpm_version': '2.0' }, {}, ['COMPUTE_SECURITY_TPM_SECRET_SECURITY_USER']],
  ])('flavor %j and image %j require of the node %j', (extraSpecs, properties, expected) => {
    const spec = requestSpec({
      flavor: flavor(extraSpecs as Record<string, string>),
      ...image(properties as Record<string, string>),
    });
    expect(preFilter(spec, [], OFF)).toMatchObject({ constraints: { rootRequired: expected } });
  });

  it("asks for an image's buses and models where that is switched on", () => {
    const spec = requestSpec(
      image({ hw_disk_bus: 'virtio', hw_cdrom_bus: 'virtio', hw_vif_model: 'e1000e', hw_architecture: 'x86_64' }),
    );
    const rootRequired = ['COMPUTE_STORAGE_BUS_VIRTIO', 'COMPUTE_NET_VIF_MODEL_E1000E', 'HW_ARCH_X86_64'];
    expect(preFilter(spec, [], { ...OFF, imageMetadataPrefilter: true })).toMatchObject({ constraints: { rootRequired } });
    expect(preFilter(spec, [], OFF)).toMatchObject({ constraints: { rootRequired: [] } });
  });
});

describe('pre-filters', () => {
  const aggregates: readonly AggregateFacts[] = [
    { uuid: 'agg1', name: 'a', metadata: { availability_zone: 'az1', filter_tenant_id: 'project' }, hosts: [] },
    { uuid: 'agg2', name: 'b', metadata: { 'trait:CUSTOM_LICENSED': 'required' }, hosts: [] },
  ];

  it('turns a zone into its aggregates', () => {
    const result = preFilter(requestSpec({ availability_zone: 'az1' }), aggregates, OFF);
    expect(result).toMatchObject({ outcome: 'constraints', constraints: { memberOf: [['agg1']] } });
  });

  it('has no host for a tenant without an aggregate, where one is required', () => {
    const options = { ...OFF, limitTenantsToPlacementAggregate: true, placementAggregateRequiredForTenants: true };
    expect(preFilter(requestSpec({ project_id: 'stranger' }), aggregates, options)).toMatchObject({
      reason: 'No hosts available for tenant',
    });
  });

  it('asks for what networks need: traits of the node, one of the aggregates of each route, or nothing at all', () => {
    const routes = [
      { of: 'network n', aggregates: ['agg1', 'agg2'] },
      { of: 'subnet s', aggregates: ['agg3'] },
    ];
    const rootRequired = ['COMPUTE_REMOTE_MANAGED_PORTS'];
    const asked = preFilter(requestSpec(), aggregates, OFF, { rootRequired, routes });
    expect(asked).toMatchObject({ constraints: { rootRequired, memberOf: [['agg1', 'agg2'], ['agg3']] } });
    const dead = preFilter(requestSpec(), aggregates, OFF, { rootRequired: [], routes: [{ of: 'subnet s', aggregates: [] }] });
    expect(dead).toMatchObject({ rule: 'routed networks', reason: 'Aggregates not found for the subnet s' });
  });

  it('closes isolated aggregates to requests without their trait', () => {
    const options = { ...OFF, enableIsolatedAggregateFiltering: true };
    const closed = preFilter(requestSpec(), aggregates, options);
    expect(closed).toMatchObject({ constraints: { forbiddenAggregates: ['agg2'] } });
    const open = preFilter(requestSpec({ flavor: flavor({ 'trait:CUSTOM_LICENSED': 'required' }) }), aggregates, options);
    expect(open).toMatchObject({ constraints: { forbiddenAggregates: [] } });
  });
});
