import { type Flavor, type Instance, POWER_WORDS, type TaskState, type Vif, type VmState } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import { type ExceptionFacts, exceptionPayload } from './exception.payload.js';
import { flavorPayload } from './flavor.payload.js';
import { dateTime, type VersionedObject, versionedObject } from './object.js';

/** The name that hypervisors and consoles use: `instance-` and the row id in eight hex digits. */
export const instanceName = (instance: Pick<Instance, 'id'>): string => `instance-${instance.id.toString(16).padStart(8, '0')}`;

/** IpPayload 1.0, one for each address of an interface. */
const ipPayloads = ({ label, mac_address, port_id, fixed_ips }: Vif): readonly VersionedObject[] =>
  fixed_ips.map(({ address, version }) =>
    versionedObject('IpPayload', '1.0', {
      label,
      mac: mac_address,
      meta: {},
      port_uuid: port_id,
      version,
      address,
      device_name: `tap${port_id.slice(0, 11)}`,
    }),
  );

/** The fields of InstancePayload 1.9, shared by all instance events. */
const instanceFields = (ctx: Ctx, instance: Instance): Record<string, unknown> => ({
  uuid: instance.uuid,
  user_id: instance.user_id,
  tenant_id: instance.project_id,
  reservation_id: instance.reservation_id,
  display_name: instance.display_name,
  display_description: instance.display_description,
  host_name: instance.hostname,
  host: instance.host,
  node: instance.node,
  os_type: instance.os_type,
  architecture: instance.architecture,
  availability_zone: instance.availability_zone,
  flavor: flavorPayload(instance.flavor),
  image_uuid: instance.image_ref ?? '',
  key_name: instance.key_name,
  kernel_id: instance.kernel_id ?? '',
  ramdisk_id: instance.ramdisk_id ?? '',
  created_at: dateTime(instance.created_at),
  launched_at: dateTime(instance.launched_at),
  terminated_at: dateTime(instance.terminated_at),
  deleted_at: dateTime(instance.deleted_at),
  updated_at: dateTime(instance.updated_at),
  state: instance.vm_state,
  power_state: POWER_WORDS[instance.power_state] ?? 'pending',
  task_state: instance.task_state,
  progress: instance.progress,
  ip_addresses: (instance.network_info ?? []).flatMap(ipPayloads),
  block_devices: [],
  metadata: instance.metadata,
  locked: instance.locked,
  auto_disk_config: instance.auto_disk_config ? 'AUTO' : 'MANUAL',
  request_id: ctx.requestId,
  action_initiator_user: ctx.principal?.userId ?? null,
  action_initiator_project: ctx.principal?.projectId ?? null,
  locked_reason: instance.locked_reason,
  shares: [],
});

const faultOf = (fault: ExceptionFacts | undefined): VersionedObject | null =>
  fault === undefined ? null : exceptionPayload(fault);

/** InstanceActionPayload 1.9: delete, shutdown, power, lock and the like. */
export const instanceActionPayload = (ctx: Ctx, instance: Instance, fault?: ExceptionFacts): VersionedObject =>
  versionedObject('InstanceActionPayload', '1.9', instanceActionFields(ctx, instance, fault));

/** The fields of InstanceActionPayload, which others add to. */
export const instanceActionFields = (ctx: Ctx, instance: Instance, fault?: ExceptionFacts): Record<string, unknown> => ({
  ...instanceFields(ctx, instance),
  fault: faultOf(fault),
});

/** InstanceActionRescuePayload 1.4. @param image the rescue image that the caller named */
export const instanceRescuePayload = (
  ctx: Ctx,
  instance: Instance,
  image: string | null,
  fault?: ExceptionFacts,
): VersionedObject =>
  versionedObject('InstanceActionRescuePayload', '1.4', {
    ...instanceFields(ctx, instance),
    fault: faultOf(fault),
    rescue_image_ref: image,
  });

/** InstanceActionResizePrepPayload 1.4. @param flavor the one that the instance is to have */
export const instanceResizePrepPayload = (
  ctx: Ctx,
  instance: Instance,
  flavor: Flavor,
  fault?: ExceptionFacts,
): VersionedObject =>
  versionedObject('InstanceActionResizePrepPayload', '1.4', {
    ...instanceFields(ctx, instance),
    fault: faultOf(fault),
    new_flavor: flavorPayload(flavor),
  });

/** InstanceActionRebuildPayload 1.10. */
export const instanceRebuildPayload = (ctx: Ctx, instance: Instance, fault?: ExceptionFacts): VersionedObject =>
  versionedObject('InstanceActionRebuildPayload', '1.10', {
    ...instanceFields(ctx, instance),
    fault: faultOf(fault),
    trusted_image_certificates: instance.trusted_certs,
  });

/** InstanceActionSnapshotPayload 1.10. @param image the image that the instance becomes; null where it is not known any more */
export const instanceSnapshotPayload = (
  ctx: Ctx,
  instance: Instance,
  image: string | null,
  fault?: ExceptionFacts,
): VersionedObject =>
  versionedObject('InstanceActionSnapshotPayload', '1.10', {
    ...instanceFields(ctx, instance),
    fault: faultOf(fault),
    snapshot_image_id: image,
  });

/** InstanceCreatePayload 1.13. */
export const instanceCreatePayload = (ctx: Ctx, instance: Instance, fault?: ExceptionFacts): VersionedObject =>
  versionedObject('InstanceCreatePayload', '1.13', {
    ...instanceFields(ctx, instance),
    fault: faultOf(fault),
    keypairs: instance.keypairs.map((pair) => versionedObject('KeypairPayload', '1.0', { ...pair })),
    tags: instance.tags,
    trusted_image_certificates: instance.trusted_certs,
    instance_name: instanceName(instance),
  });

/** The states an update led from; equal to the instance's own where nothing of them changed. */
export interface StateChange {
  readonly oldVmState: VmState;
  readonly oldTaskState: TaskState | null;
  readonly oldDisplayName?: string;
}

const firstOfMonth = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));

const auditPeriod = (now: Date): VersionedObject =>
  versionedObject('AuditPeriodPayload', '1.0', {
    audit_period_beginning: dateTime(firstOfMonth(now)),
    audit_period_ending: dateTime(now),
  });

/** InstanceExistsPayload 2.1. `now` closes the audit period, which begins with the month. */
export const instanceExistsPayload = (ctx: Ctx, instance: Instance, now: Date): VersionedObject =>
  versionedObject('InstanceExistsPayload', '2.1', { ...instanceFields(ctx, instance), audit_period: auditPeriod(now) });

/** InstanceUpdatePayload 2.1. `now` closes the audit period, which begins with the month. */
export const instanceUpdatePayload = (ctx: Ctx, instance: Instance, change: StateChange, now: Date): VersionedObject =>
  versionedObject('InstanceUpdatePayload', '2.1', {
    ...instanceFields(ctx, instance),
    block_devices: null,
    state_update: versionedObject('InstanceStateUpdatePayload', '1.0', {
      old_state: change.oldVmState,
      state: instance.vm_state,
      old_task_state: change.oldTaskState,
      new_task_state: instance.task_state,
    }),
    audit_period: auditPeriod(now),
    old_display_name: change.oldDisplayName ?? null,
    tags: instance.tags,
  });
