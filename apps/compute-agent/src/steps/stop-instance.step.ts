import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** How long a guest that is asked to shut down may take, seconds, where neither image nor server says so. Source: Nova's `shutdown_timeout`. */
const GRACE_SECONDS = 60;

/** Stops the guest of a server. */
@StepOf(messages.stopInstance)
export class StopInstance extends Step<'stop_instance'> {
  declare readonly name: 'stop_instance';

  async run({ driver, instance, arguments: { clean_shutdown }, signal }: StepWork<'stop_instance'>): Promise<StepUpdates> {
    const set = Number(instance.system_metadata['image_os_shutdown_timeout'] ?? GRACE_SECONDS);
    await driver.powerOff(instance.uuid, clean_shutdown && set >= 0 ? set : 0, signal);
    return { power_state: PowerState.SHUTDOWN };
  }
}
