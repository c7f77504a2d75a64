import { randomUUID } from 'node:crypto';
import type {
  BlockDevice,
  BuildArguments,
  Flavor,
  ImageMeta,
  Instance,
  InstanceFault,
  InstanceGroup,
  RequestSpec,
  Selection,
  Vif,
} from '@kilonova/compute-objects';

export const aFlavor: Flavor = {
  id: 1,
  flavorid: '1',
  name: 'm1.tiny',
  vcpus: 1,
  memory_mb: 512,
  root_gb: 1,
  ephemeral_gb: 0,
  swap: 0,
  rxtx_factor: 1,
  is_public: true,
  disabled: false,
  description: null,
  extra_specs: {},
};

export const anInstance = (given: Partial<Instance> = {}): Instance => ({
  uuid: randomUUID(),
  id: 0,
  display_name: 'vm',
  display_description: null,
  hostname: 'vm',
  project_id: 'p1',
  user_id: 'u1',
  reservation_id: 'r-1',
  launch_index: 0,
  vm_state: 'building',
  task_state: 'scheduling',
  power_state: 0,
  progress: 0,
  host: null,
  node: null,
  launched_on: null,
  compute_node_uuid: null,
  availability_zone: null,
  image_ref: null,
  kernel_id: null,
  ramdisk_id: null,
  flavor: aFlavor,
  key_name: null,
  key_data: null,
  keypairs: [],
  user_data: null,
  config_drive: '',
  access_ip_v4: null,
  access_ip_v6: null,
  auto_disk_config: false,
  root_device_name: null,
  os_type: null,
  architecture: null,
  locked: false,
  locked_by: null,
  locked_reason: null,
  metadata: {},
  system_metadata: {},
  tags: [],
  trusted_certs: null,
  created_at: new Date().toISOString(),
  updated_at: null,
  launched_at: null,
  terminated_at: null,
  deleted_at: null,
  fault: null,
  network_info: [],
  ...given,
});

export const aRequestSpec = (instanceUuid: string, given: Partial<RequestSpec> = {}): RequestSpec => ({
  instance_uuid: instanceUuid,
  project_id: 'p1',
  user_id: 'u1',
  num_instances: 1,
  flavor: aFlavor,
  image: null,
  availability_zone: null,
  scheduler_hints: {},
  instance_group: null,
  ignore_hosts: [],
  force_hosts: [],
  force_nodes: [],
  requested_destination: null,
  security_groups: [],
  is_bfv: false,
  requested_networks: 'none',
  ...given,
});

export const aGroup = (given: Partial<InstanceGroup> = {}): InstanceGroup => ({
  uuid: randomUUID(),
  name: 'g',
  project_id: 'p1',
  user_id: 'u1',
  policy: 'anti-affinity',
  rules: {},
  members: [],
  hosts: [],
  ...given,
});

/** A node of a host; the same host always has the same node. */
export const nodeUuidOf = (host: string): string =>
  `00000000-0000-4000-8000-${Buffer.from(host).toString('hex').padStart(12, '0').slice(-12)}`;

export const aSelection = (host: string, cellUuid: string, given: Partial<Selection> = {}): Selection => ({
  compute_node_uuid: nodeUuidOf(host),
  service_host: host,
  nodename: host,
  cell_uuid: cellUuid,
  availability_zone: 'nova',
  allocation_request: { allocations: { [nodeUuidOf(host)]: { resources: { VCPU: 1, MEMORY_MB: 512 } } } },
  allocation_request_version: '1.36',
  ...given,
});

export const anImage = (given: Partial<ImageMeta> = {}): ImageMeta => ({
  id: randomUUID(),
  name: 'cirros',
  status: 'active',
  owner: 'p1',
  disk_format: 'qcow2',
  container_format: 'bare',
  checksum: null,
  size: 1024,
  min_ram: 0,
  min_disk: 0,
  created_at: '2026-01-31T10:00:00Z',
  updated_at: null,
  properties: { hw_disk_bus: 'virtio' },
  ...given,
});

/** An existing volume of a server. */
export const aVolumeDevice = (given: Partial<BlockDevice> = {}): BlockDevice => ({
  uuid: randomUUID(),
  source_type: 'volume',
  destination_type: 'volume',
  boot_index: null,
  device_name: '/dev/vdb',
  device_type: null,
  disk_bus: null,
  guest_format: null,
  delete_on_termination: false,
  volume_id: randomUUID(),
  snapshot_id: null,
  image_id: null,
  volume_size: 1,
  volume_type: null,
  tag: null,
  attachment_id: randomUUID(),
  ...given,
});

export const aVif = (given: Partial<Vif> = {}): Vif => ({
  port_id: 'aaaaaaaa-bbbb-4ccc-8ddd-00000000000a',
  network_id: 'aaaaaaaa-bbbb-4ccc-8ddd-00000000000b',
  label: 'net',
  mac_address: 'fa:16:3e:00:00:01',
  fixed_ips: [{ address: '10.0.0.10', version: 4, subnet_id: 'aaaaaaaa-bbbb-4ccc-8ddd-00000000000c' }],
  port_state: 'ACTIVE',
  security_groups: ['default'],
  preserve: false,
  tag: null,
  ...given,
});

export const aFault = (given: Partial<InstanceFault> = {}): InstanceFault => ({
  code: 500,
  message: 'Build of instance failed.',
  details: 'no such image',
  host: 'h1',
  created_at: '2026-01-31T10:00:00Z',
  ...given,
});

/** What a host is told: the first selection is its own, the others are alternates. */
export const aBuild = (instance: Instance, selections: readonly [Selection, ...Selection[]]): BuildArguments => ({
  request_spec: aRequestSpec(instance.uuid),
  image: null,
  requested_networks: 'none',
  admin_password: 'pw',
  selection: selections[0],
  alternates: selections.slice(1),
});
