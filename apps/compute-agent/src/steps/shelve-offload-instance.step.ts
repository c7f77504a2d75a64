import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** How long a guest that runs may take to shut down, seconds. */
const GRACE_SECONDS = 60;

/** Removes the guest of a shelved server from its host; its image and its volumes are kept, these for it alone. */
@StepOf(messages.shelveOffloadInstance)
export class ShelveOffloadInstance extends Step<'shelve_offload_instance'> {
  declare readonly name: 'shelve_offload_instance';

  async run({ ctx, driver, host, instance, blockDevices, signal }: StepWork<'shelve_offload_instance'>): Promise<StepUpdates> {
    if (driver.guests().includes(instance.uuid)) await driver.powerOff(instance.uuid, GRACE_SECONDS, signal);
    await driver.destroy(instance.uuid);
    const updates = await host.volumes.disconnectAll(ctx, instance.uuid, blockDevices);
    return { power_state: PowerState.SHUTDOWN, ...(updates.length === 0 ? {} : { block_devices: updates }) };
  }
}
