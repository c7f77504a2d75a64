import { type ImageMeta, PowerState, ROOT_DEVICE, type StepUpdates } from '@kilonova/compute-objects';
import type { StepWork } from '../operation/step.js';

type RebuildWork = Pick<StepWork, 'ctx' | 'host' | 'driver' | 'instance' | 'blockDevices' | 'devices' | 'advance' | 'signal'>;

/**
 * Makes the guest of a server anew on this host, with the volumes that the server has: of a rebuild as of an evacuation. It is
 * off in the end where the server was stopped, or the caller wants it so.
 */
export async function rebuildGuest(
  work: RebuildWork,
  image: ImageMeta | null,
  adminPassword: string | null,
  endsStopped = work.instance.vm_state === 'stopped',
): Promise<StepUpdates> {
  const { ctx, host, driver, instance, blockDevices, signal } = work;
  await work.advance('rebuild_block_device_mapping');
  const { volumes, updates } = await host.volumes.openAll(ctx, instance.uuid, blockDevices, signal);
  await work.advance('rebuild_spawning');
  await driver.rebuild({ instance, image, admin_password: adminPassword, volumes, devices: work.devices }, signal);
  await host.volumes.completeAll(ctx, updates);
  if (endsStopped) await driver.powerOff(instance.uuid, 0, signal);
  return {
    power_state: endsStopped ? PowerState.SHUTDOWN : PowerState.RUNNING,
    root_device_name: instance.root_device_name ?? ROOT_DEVICE,
    ...(updates.length === 0 ? {} : { block_devices: updates }),
  };
}
