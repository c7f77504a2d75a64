import type { ReopenedBoot } from '@kilonova/api-db';
import type { Revival } from '@kilonova/cell-db';
import type { RequestSpec } from '@kilonova/compute-objects';

/** A server of cell0 as a boot that waits for a host again, with what its rebuild makes of it. */
export function revivedBoot(
  { instance, arguments: { changes, admin_password }, devices, ctx }: Revival,
  now: Date,
): ReopenedBoot {
  const { system_metadata: facts, ...fields } = changes;
  const ofOldImage = (name: string): boolean => facts !== undefined && name.startsWith('image_');
  const kept = Object.fromEntries(Object.entries(instance.system_metadata).filter(([name]) => !ofOldImage(name)));
  return {
    instance: {
      ...instance,
      ...fields,
      system_metadata: { ...kept, ...facts },
      id: 0,
      vm_state: 'building',
      task_state: 'scheduling',
      progress: 0,
      fault: null,
      updated_at: now.toISOString(),
    },
    admin_password,
    request_id: ctx.requestId,
    block_devices: devices,
  };
}

/** What it is scheduled with: by itself, whoever it was created with. */
export const revivedSpec = (spec: RequestSpec, { arguments: { image } }: Revival): RequestSpec => ({
  ...spec,
  num_instances: 1,
  image: spec.is_bfv ? spec.image : image,
});
