import { type ComputeNodeReport, messages, STEP_NAMES, type StepMessage, type StepTicket } from '@kilonova/compute-objects';
import type { ArgsOf } from '@kilonova/util';
import { aFault, aGroup, anImage, aRequestSpec, aVif, nodeUuidOf } from './samples.js';

type Catalogue = typeof messages;

const INSTANCE = '11111111-2222-4333-8444-555555555555';
const CELL = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

const spec = aRequestSpec(INSTANCE, {
  image: anImage(),
  scheduler_hints: { group: [CELL] },
  instance_group: aGroup({ rules: { max_server_per_host: 1 }, members: [INSTANCE], hosts: ['h1'] }),
  requested_destination: { host: 'h1', node: null, cell: CELL },
  requested_networks: [{ uuid: CELL, tag: 'nic' }],
});

const guest = { host: 'h1', instance_uuid: INSTANCE } as const;

const node: ComputeNodeReport = {
  uuid: nodeUuidOf('h1'),
  hypervisor_hostname: 'h1',
  hypervisor_type: 'fake',
  hypervisor_version: 1000,
  host_ip: '127.0.0.1',
  vcpus: 8,
  memory_mb: 8192,
  local_gb: 100,
  vcpus_used: 0,
  memory_mb_used: 512,
  local_gb_used: 0,
  running_vms: 0,
  current_workload: 0,
  disk_available_least: null,
  cpu_info: '',
  supported_instances: [['x86_64', 'fake', 'hvm']],
  cpu_allocation_ratio: 4,
  ram_allocation_ratio: 1,
  disk_allocation_ratio: 1,
  stats: { failed_builds: '0' },
  hardware: {
    cells: [
      {
        id: 0,
        socket: 0,
        cpus: [0],
        pcpus: [1, 2],
        siblings: [[1, 2]],
        memory_mb: 1024,
        pages: [{ size_kb: 2048, total: 8 }],
      },
    ],
    pools: [{ vendor_id: '10de', product_id: '1eb8', dev_type: 'type-PCI', numa_node: 0, count: 2 }],
    cpu_ratio: 4,
    ram_ratio: 1,
    held: {
      [INSTANCE]: {
        cells: [{ cell: 0, shared: 0, pinned: [1], reserved: [2], memory_mb: 512, page_kb: 2048 }],
        devices: [{ vendor_id: '10de', product_id: '1eb8', dev_type: 'type-PCI', numa_node: 0, count: 1 }],
      },
    },
  },
};

const report = { host: 'h1', binary: 'nova-compute', topic: 'compute', version: 1, nodes: [node] };
const ticket = { operation_uuid: CELL, instance_uuid: INSTANCE, attempt: 1 };
const step = { ...ticket, step: 'build_and_run_instance' } as const;
const transfer = {
  memory_total: 512,
  memory_processed: 500,
  memory_remaining: 12,
  disk_total: 0,
  disk_processed: 0,
  disk_remaining: 0,
};
const beat = { binary: 'nova-compute', hosts: ['h1'], steps: [{ ...step, progress: 40, transfer }], notified: [step] };

/** Messages of steps, which all have the same arguments. */
type StepKey = { [K in keyof Catalogue]: Catalogue[K] extends StepMessage ? K : never }[keyof Catalogue];
const isStep = (name: string): boolean => (STEP_NAMES as readonly string[]).includes(name);
const stepSamples = Object.fromEntries(
  Object.entries(messages)
    .filter(([, { name }]) => isStep(name))
    .map(([key]) => [key, ticket]),
) as unknown as Record<StepKey, StepTicket>;

/** Valid arguments of every message, optional members included. A message without a sample does not compile. */
export const messageSamples: { readonly [Name in keyof Catalogue]: ArgsOf<Catalogue[Name]> } = {
  scheduleAndBuildInstances: { instance_uuids: [INSTANCE] },
  selectDestinations: {
    request_spec: spec,
    instance_uuids: [INSTANCE],
    return_alternates: true,
    claim_mode: 'build',
    ignore_cells: [CELL],
  },
  tryDestinations: { request_spec: spec, instance_uuids: [INSTANCE] },
  tryBoot: { request_spec: spec, instance_uuids: [INSTANCE] },
  tryOperation: {
    instance_uuid: INSTANCE,
    operation: 'resize',
    flavor: spec.flavor,
    requested_host: 'h2',
    forced: false,
    availability_zone: 'nova',
  },
  countCapacity: { request_spec: spec },
  settleDepartures: { instance_uuids: [INSTANCE] },
  placeOperation: { operation_uuid: CELL, instance_uuid: INSTANCE },
  settleHolding: { instance_uuid: INSTANCE },
  releaseQuota: { instance_uuids: [INSTANCE] },
  forgetGuest: { host: 'h1', instance_uuid: INSTANCE },
  ...stepSamples,
  takeStep: { ...step, host: 'h1' },
  advanceStep: { ...step, host: 'h1', task_state: 'spawning', progress: 40 },
  finishStep: {
    ...step,
    host: 'h1',
    updates: {
      power_state: 1,
      progress: 100,
      root_device_name: '/dev/vda',
      system_metadata: {},
      network_info: [aVif()],
      block_devices: [
        { uuid: CELL, volume_id: CELL, attachment_id: CELL, device_name: '/dev/vdb', volume_size: 1 },
        { uuid: CELL, removed: true },
      ],
    },
    fault: aFault(),
  },
  assignDevices: {
    ...step,
    host: 'h1',
    wanted: [{ resource_class: 'VGPU', amount: 1, devices: [CELL] }],
  },
  tendImages: { instance_uuid: INSTANCE },
  cacheImages: { aggregate_id: 1, image_ids: [CELL], so_far: { after: 'h1', asked: 1, total: 2 } },
  cacheImagesOnHost: { host: 'h1', image_ids: [CELL] },
  hostWork: { host: 'h1' },
  finishEvacuations: { host: 'h1', migrations: [CELL] },
  rescheduleBuild: ticket,
  instancesOnHost: { host: 'h1' },
  syncPowerStates: {
    host: 'h1',
    guests: [{ instance_uuid: INSTANCE, updated_at: '2026-01-31T10:00:00.000Z', power_state: 4 }],
  },
  refreshNetworkInfo: {
    host: 'h1',
    instances: [{ instance_uuid: INSTANCE, updated_at: '2026-01-31T10:00:00.000Z', network_info: [aVif()] }],
  },
  reportHost: report,
  heartbeat: beat,
  reportService: { host: 's1', binary: 'nova-scheduler', topic: 'scheduler', version: 1, nodes: [] },
  serviceHeartbeat: { binary: 'nova-scheduler', hosts: ['s1'] },
  liveMigrationAbort: { operation_uuid: CELL, instance_uuid: INSTANCE },
  liveMigrationForceComplete: { operation_uuid: CELL, instance_uuid: INSTANCE },
  externalInstanceEvent: {
    events: [{ instance_uuid: INSTANCE, name: 'network-vif-plugged', status: 'completed', tag: CELL }],
  },
  getConsoleOutput: { ...guest, length: 10 },
  getDiagnostics: guest,
  openConsole: { ...guest, protocol: 'vnc', type: 'novnc' },
  injectNetworkInfo: guest,
  quiesceGuest: { ...guest, seconds: 60 },
  unquiesceGuest: guest,
  setHostEnabled: { host: 'h1', enabled: true },
};
