import type {
  Flavor,
  ImageMeta,
  Instance,
  InstanceGroup,
  InstanceKeypair,
  RequestedNetworks,
  RequestSpec,
} from '@kilonova/compute-objects';
import type { CreateRequest } from './create-request.js';
import { hostnameFor, numbered } from './hostname.js';

/** What a server remembers of who made it, should an image be made of it. */
export interface BootFacts extends Readonly<Record<string, string>> {
  readonly owner_user_name: string;
  readonly owner_project_name: string;
  /** Joined by commas. */
  readonly boot_roles: string;
}

/** What one creation is made of, once checked. */
export interface Blueprint {
  readonly request: CreateRequest;
  readonly flavor: Flavor;
  readonly image: ImageMeta;
  readonly keypair: InstanceKeypair | null;
  readonly group: InstanceGroup | null;
  /** The server boots from a volume. */
  readonly bootsFromVolume: boolean;
  /** As they are asked of the agent. */
  readonly networks: RequestedNetworks;
  readonly projectId: string;
  readonly userId: string;
  readonly boot: BootFacts;
  readonly reservationId: string;
  readonly zone: string | null;
  /** ISO 8601. */
  readonly now: string;
}

/** The servers of one creation as the API shows them until a cell has them. */
export const newInstances = (blueprint: Blueprint, uuids: readonly string[]): Instance[] =>
  uuids.map((uuid, index) => newInstance(blueprint, uuid, index, uuids.length));

function newInstance(
  { request, flavor, image, keypair, projectId, userId, boot, reservationId, zone, now }: Blueprint,
  uuid: string,
  index: number,
  count: number,
): Instance {
  const name = numbered(request.name, index, count);
  return {
    uuid,
    id: 0,
    display_name: name,
    display_description: request.description,
    hostname: request.hostname === null ? hostnameFor(name, uuid) : numbered(request.hostname, index, count),
    project_id: projectId,
    user_id: userId,
    reservation_id: reservationId,
    launch_index: index,
    vm_state: 'building',
    task_state: 'scheduling',
    power_state: 0,
    progress: 0,
    host: null,
    node: null,
    launched_on: null,
    compute_node_uuid: null,
    availability_zone: zone,
    image_ref: request.imageId,
    kernel_id: image.properties['kernel_id'] ?? null,
    ramdisk_id: image.properties['ramdisk_id'] ?? null,
    flavor,
    key_name: keypair?.name ?? null,
    key_data: keypair?.public_key ?? null,
    keypairs: keypair === null ? [] : [keypair],
    user_data: request.userData,
    config_drive: request.configDrive ? 'True' : '',
    access_ip_v4: request.accessIpV4,
    access_ip_v6: request.accessIpV6,
    auto_disk_config: (request.diskConfig ?? (image.properties['auto_disk_config'] === 'True' ? 'AUTO' : 'MANUAL')) === 'AUTO',
    root_device_name: null,
    os_type: image.properties['os_type'] ?? null,
    architecture: image.properties['hw_architecture'] ?? image.properties['architecture'] ?? null,
    locked: false,
    locked_by: null,
    locked_reason: null,
    metadata: request.metadata,
    system_metadata: { ...imageFacts(image), ...boot },
    tags: request.tags,
    trusted_certs: request.trustedCerts,
    created_at: now,
    updated_at: null,
    launched_at: null,
    terminated_at: null,
    deleted_at: null,
    fault: null,
    network_info: [],
  };
}

/** What a server keeps of its image, should the image go. */
export const imageFacts = (image: ImageMeta): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(image.properties).map(([key, value]) => [`image_${key}`, String(value)])),
  image_base_image_ref: image.id ?? '',
  image_name: image.name ?? '',
  image_container_format: image.container_format ?? '',
  image_disk_format: image.disk_format ?? '',
  image_min_ram: String(image.min_ram),
  image_min_disk: String(image.min_disk),
});

/** What placing each of the servers depends on; all alike but for the uuid. */
export function newSpecs(
  { request, flavor, image, group, bootsFromVolume, networks, projectId, userId, zone }: Blueprint,
  uuids: readonly string[],
): RequestSpec[] {
  const shared = {
    project_id: projectId,
    user_id: userId,
    num_instances: uuids.length,
    flavor,
    image,
    availability_zone: zone,
    scheduler_hints: request.hints,
    instance_group: group,
    ignore_hosts: [],
    force_hosts: request.zone.host === null ? [] : [request.zone.host],
    force_nodes: request.zone.node === null ? [] : [request.zone.node],
    requested_destination: request.destination === null ? null : { ...request.destination, cell: null },
    security_groups: request.securityGroups,
    is_bfv: bootsFromVolume,
    requested_networks: networks,
  };
  return uuids.map((uuid) => ({ instance_uuid: uuid, ...shared }));
}

const ANY_UUID = '00000000-0000-4000-8000-000000000000';

/** What one of the servers takes up where it is stored, bytes; membership in a group is left out. */
export const bytesOfOne = (blueprint: Blueprint): number =>
  Buffer.byteLength(JSON.stringify([newInstances(blueprint, [ANY_UUID]), newSpecs(blueprint, [ANY_UUID])]));
