import { createHash } from 'node:crypto';
import { type BlockDevice, type Instance, type InstanceFault, isVolume } from '@kilonova/compute-objects';
import { bookmark, type LinkBase, links } from '../../common/links.js';
import { Since } from '../../common/model/microversion.js';
import { utcMicros, utcSeconds } from '../../common/time.js';
import { addressesOf } from './addresses.view.js';
import { flavorInServer } from './flavor-in-server.view.js';
import type { HostStatus } from './model/host-state.js';
import { knownState, type Status, showsFault, showsProgress, statusOf } from './model/status.js';

/** What a server's document depends on beside the instance. Versions are major · 1000 + minor. */
export interface ServerViewContext {
  readonly version: number;
  /** Asked for with Kilonova's own extensions. */
  readonly withExtensions: boolean;
  readonly base: LinkBase;
  /** May see where and as what the server runs. */
  readonly extended: boolean;
  readonly extraSpecs: boolean;
  /** Undefined: the caller may not see it. */
  readonly hostStatus: (status: HostStatus) => HostStatus | undefined;
  /** Administrators read the details of every fault. */
  readonly faultDetails: boolean;
}

/** What is known of one server beside its instance. */
export interface ServerFacts {
  readonly instance: Instance;
  readonly hostStatus: HostStatus;
  /** The zone that the user asked for. */
  readonly pinnedZone: string | null;
  /** Its disks beside flavor and image; left out: none. */
  readonly devices?: readonly BlockDevice[];
  /** Left out in lists. */
  readonly groups?: readonly string[];
}

type Fields = Record<string, unknown>;

/** `hostId`: tells a project's servers on one host apart from those on another, without naming it. */
export const hostId = (projectId: string, host: string | null): string =>
  host === null ? '' : createHash('sha224').update(`${projectId}${host}`).digest('hex');

export const serverLinks = (base: LinkBase, id: string) => links(base, 'servers', id);

/** An entry of the plain list. */
export const serverBrief = ({ uuid, display_name: name }: Instance, base: LinkBase): Fields => ({
  id: uuid,
  name,
  links: serverLinks(base, uuid),
});

/** The whole document, as show and detail answer it. */
export function serverView(given: ServerFacts, context: ServerViewContext): Fields {
  const facts = given.instance.vm_state === 'deleted' ? ofDeleted(given) : given;
  const { instance } = facts;
  const status = statusOf(instance.vm_state, instance.task_state, context.withExtensions);
  return {
    ...common(facts, context, status),
    'OS-EXT-AZ:availability_zone': instance.availability_zone ?? '',
    config_drive: instance.config_drive,
    key_name: instance.key_name,
    'OS-SRV-USG:launched_at': utcMicros(instance.launched_at),
    'OS-SRV-USG:terminated_at': utcMicros(instance.terminated_at),
    ...(context.extended ? extended(instance, context.version) : {}),
    ...(!context.extended && context.version >= Since.serverHostname ? { 'OS-EXT-SRV-ATTR:hostname': instance.hostname } : {}),
    'OS-EXT-STS:task_state': instance.task_state,
    'OS-EXT-STS:vm_state': knownState(instance.vm_state, context.withExtensions),
    'OS-EXT-STS:power_state': instance.power_state,
    'os-extended-volumes:volumes_attached': attachedVolumes(facts.devices ?? [], context.version),
    ...shownHostStatus(facts, context),
    ...byVersion(facts, context.version),
  };
}

const attachedVolumes = (devices: readonly BlockDevice[], version: number): readonly Fields[] =>
  devices.filter(isVolume).map(({ volume_id: id, delete_on_termination }) => ({
    id,
    ...(version >= Since.moreServerAttributes ? { delete_on_termination } : {}),
  }));

/** What belongs to a server goes with it: upstream deletes these rows, and the server's own remains. */
const ofDeleted = (facts: ServerFacts): ServerFacts => ({
  ...facts,
  instance: { ...facts.instance, metadata: {}, tags: [], fault: null },
  hostStatus: '',
});

/** The answer to a change of a server: complete since 2.75 only. */
export function changedServerView(facts: ServerFacts, context: ServerViewContext): Fields {
  if (context.version >= Since.strictQueries) return serverView(facts, context);
  const status = statusOf(facts.instance.vm_state, facts.instance.task_state, context.withExtensions);
  return { ...common(facts, context, status), ...byVersion(facts, context.version) };
}

function common(
  { instance }: ServerFacts,
  { version, base, extraSpecs, faultDetails }: ServerViewContext,
  status: Status,
): Fields {
  return {
    id: instance.uuid,
    name: instance.display_name,
    status,
    tenant_id: instance.project_id,
    user_id: instance.user_id,
    metadata: instance.metadata,
    hostId: hostId(instance.project_id, instance.host),
    image:
      instance.image_ref === null || instance.image_ref === ''
        ? ''
        : { id: instance.image_ref, links: [bookmark(base, 'images', instance.image_ref)] },
    flavor: flavorInServer(instance.flavor, version, base, extraSpecs),
    created: utcSeconds(instance.created_at),
    updated: utcSeconds(instance.updated_at ?? instance.created_at),
    addresses: addressesOf(instance.network_info),
    ...securityGroups(instance),
    accessIPv4: instance.access_ip_v4 ?? '',
    accessIPv6: instance.access_ip_v6 ?? '',
    links: serverLinks(base, instance.uuid),
    'OS-DCF:diskConfig': instance.auto_disk_config ? 'AUTO' : 'MANUAL',
    ...(instance.fault !== null && showsFault(status) ? { fault: faultView(instance, instance.fault, faultDetails) } : {}),
    ...(showsProgress(status) ? { progress: instance.progress } : {}),
  };
}

/** Those of its ports, each once; a server without ports has none to show. */
function securityGroups({ network_info }: Instance): Fields {
  const names = new Set(network_info.flatMap(({ security_groups = [] }) => security_groups));
  return names.size === 0 ? {} : { security_groups: [...names].map((name) => ({ name })) };
}

/** Details are for administrators, and for everybody when it was no inner failure. Hosts are named to administrators alone. */
const faultView = ({ host, node }: Instance, fault: InstanceFault, details: boolean): Fields => ({
  code: fault.code,
  created: utcSeconds(fault.created_at),
  message: details ? fault.message : withoutNames(fault.message, [fault.host, host, node]),
  ...(details || fault.code !== 500 ? (fault.details === '' ? {} : { details: fault.details }) : {}),
});

/** A text in which these names stand for "the host". */
const withoutNames = (text: string, names: ReadonlyArray<string | null>): string =>
  text.replace(/[\w-]+(?:\.[\w-]+)*/g, (word) => (names.includes(word) ? 'the host' : word));

function extended(instance: Instance, version: number): Fields {
  const basic = {
    'OS-EXT-SRV-ATTR:host': instance.host,
    'OS-EXT-SRV-ATTR:instance_name': instance.id === 0 ? '' : instanceName(instance.id),
    'OS-EXT-SRV-ATTR:hypervisor_hostname': instance.node,
  };
  if (version < Since.moreServerAttributes) return basic;
  return {
    ...basic,
    'OS-EXT-SRV-ATTR:reservation_id': instance.reservation_id,
    'OS-EXT-SRV-ATTR:launch_index': instance.launch_index,
    'OS-EXT-SRV-ATTR:hostname': instance.hostname,
    'OS-EXT-SRV-ATTR:kernel_id': instance.kernel_id ?? '',
    'OS-EXT-SRV-ATTR:ramdisk_id': instance.ramdisk_id ?? '',
    'OS-EXT-SRV-ATTR:root_device_name': instance.root_device_name,
    'OS-EXT-SRV-ATTR:user_data': instance.user_data,
  };
}

/** The name on the hypervisor: `instance-0000002a`. */
export const instanceName = (id: number): string => `instance-${id.toString(16).padStart(8, '0')}`;

function shownHostStatus({ hostStatus }: ServerFacts, { version, hostStatus: shown }: ServerViewContext): Fields {
  const status = version >= Since.hostStatus ? shown(hostStatus) : undefined;
  return status === undefined ? {} : { host_status: status };
}

function byVersion({ instance, pinnedZone, groups }: ServerFacts, version: number): Fields {
  return {
    ...(version >= Since.serverLocked ? { locked: instance.locked } : {}),
    ...(version >= Since.lockedReason ? { locked_reason: instance.locked_reason } : {}),
    ...(version >= Since.serverDescription ? { description: instance.display_description } : {}),
    ...(version >= Since.serverTags ? { tags: instance.tags } : {}),
    ...(version >= Since.trustedCertificates ? { trusted_image_certificates: instance.trusted_certs } : {}),
    ...(version >= Since.groupsOfServer && groups !== undefined ? { server_groups: groups } : {}),
    ...(version >= Since.pinnedZone ? { pinned_availability_zone: pinnedZone } : {}),
  };
}
