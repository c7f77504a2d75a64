import type { Instance, InstanceFault } from '@kilonova/compute-objects';
import type { StateChange } from '../versioned/index.js';

const IMAGE_PREFIX = 'image_';

/** Image facts that the instance carries in its system metadata, without their prefix. */
const imageMeta = (instance: Instance): Record<string, string> =>
  Object.fromEntries(
    Object.entries(instance.system_metadata)
      .filter(([key]) => key.startsWith(IMAGE_PREFIX))
      .map(([key, value]) => [key.slice(IMAGE_PREFIX.length), value]),
  );

/** `2026-01-31 10:11:12+00:00`: how creation and deletion times are written in this family. */
const spacedTime = (time: string | null): string =>
  time === null ? '' : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;

/** `2026-01-31T10:11:12.000000`: how launch and termination times are written in this family. */
const microTime = (time: string | Date | null): string =>
  time === null ? '' : `${new Date(time).toISOString().slice(0, 23)}000`;

/** The unversioned payload of every `compute.instance.*` event. Nothing may be added to its keys. */
export const legacyInstancePayload = (instance: Instance, imageUrl: string): Record<string, unknown> => ({
  tenant_id: instance.project_id,
  user_id: instance.user_id,
  instance_id: instance.uuid,
  display_name: instance.display_name,
  reservation_id: instance.reservation_id,
  hostname: instance.hostname,
  instance_type: instance.flavor.name,
  instance_type_id: instance.flavor.id,
  instance_flavor_id: instance.flavor.flavorid,
  architecture: instance.architecture,
  memory_mb: instance.flavor.memory_mb,
  disk_gb: instance.flavor.root_gb + instance.flavor.ephemeral_gb,
  vcpus: instance.flavor.vcpus,
  root_gb: instance.flavor.root_gb,
  ephemeral_gb: instance.flavor.ephemeral_gb,
  host: instance.host,
  node: instance.node,
  availability_zone: instance.availability_zone,
  cell_name: '',
  created_at: spacedTime(instance.created_at),
  terminated_at: microTime(instance.terminated_at),
  deleted_at: spacedTime(instance.deleted_at),
  launched_at: microTime(instance.launched_at),
  image_ref_url: `${imageUrl}/images/${instance.image_ref ?? ''}`,
  os_type: instance.os_type,
  kernel_id: instance.kernel_id ?? '',
  ramdisk_id: instance.ramdisk_id ?? '',
  state: instance.vm_state,
  state_description: instance.task_state ?? '',
  progress: instance.progress === 0 ? '' : instance.progress,
  access_ip_v4: instance.access_ip_v4,
  access_ip_v6: instance.access_ip_v6,
  image_meta: imageMeta(instance),
  metadata: instance.metadata,
});

/** Extra key of the events that tell of the server's network: an entry an address. */
export const legacyAddresses = ({ network_info }: Instance): Record<string, unknown> => ({
  fixed_ips: (network_info ?? []).flatMap(({ label, mac_address, fixed_ips }) =>
    fixed_ips.map(({ address, version }) => ({
      address,
      type: 'fixed',
      version,
      label,
      vif_mac: mac_address,
      meta: {},
      floating_ips: [],
    })),
  ),
});

/** Extra keys of `compute.instance.update`. */
export const legacyUpdateKeys = (instance: Instance, change: StateChange, now: Date): Record<string, unknown> => ({
  old_state: change.oldVmState,
  old_task_state: change.oldTaskState,
  new_task_state: instance.task_state,
  audit_period_beginning: microTime(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))),
  audit_period_ending: microTime(now),
  ...(change.oldDisplayName === undefined ? {} : { old_display_name: change.oldDisplayName }),
});

/** `2026-01-31 10:11:12.123000`: how audit periods are written in `compute.instance.exists`. */
const spacedMicros = (time: Date): string => {
  const text = time.toISOString().slice(0, 23).replace('T', ' ');
  return text.endsWith('.000') ? text.slice(0, 19) : `${text}000`;
};

/** Extra keys of `compute.instance.exists`. */
export const legacyExistsKeys = (now: Date): Record<string, unknown> => ({
  audit_period_beginning: spacedMicros(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))),
  audit_period_ending: spacedMicros(now),
});

/** Extra keys of the `.error` events. */
export const legacyErrorKeys = (fault: Pick<InstanceFault, 'code' | 'message'>): Record<string, unknown> => ({
  exception: fault.message,
  message: fault.message.slice(0, 255),
  code: fault.code,
});
