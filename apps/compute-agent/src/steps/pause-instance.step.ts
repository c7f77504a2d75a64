import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Freezes the guest of a server in memory. */
@StepOf(messages.pauseInstance)
export class PauseInstance extends Step<'pause_instance'> {
  declare readonly name: 'pause_instance';

  async run({ driver, instance, signal }: StepWork<'pause_instance'>): Promise<StepUpdates> {
    await driver.pause(instance.uuid, signal);
    return { power_state: PowerState.PAUSED };
  }
}
