import type { StepUpdates } from '@kilonova/compute-objects';
import type { GuestVolume } from '@kilonova/virt';
import type { StepWork } from '../operation/step.js';

type Work = Pick<StepWork, 'ctx' | 'host' | 'driver' | 'instance' | 'blockDevices' | 'signal'>;

/**
 * Opens the volumes of a server that comes to this host, has its guest made with them, and completes their attachments here,
 * which take the place of those at the host that it comes from. @returns what there is to store of guest and disks
 */
export async function withVolumes(
  { ctx, host, driver, instance, blockDevices, signal }: Work,
  make: (volumes: readonly GuestVolume[]) => Promise<void>,
): Promise<StepUpdates> {
  const { volumes, updates } = await host.volumes.openAll(ctx, instance.uuid, blockDevices, signal);
  await make(volumes);
  await host.volumes.completeAll(ctx, updates);
  return { power_state: driver.powerState(instance.uuid), ...(updates.length === 0 ? {} : { block_devices: updates }) };
}
