import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Lets the guest of a paused server go on. */
@StepOf(messages.unpauseInstance)
export class UnpauseInstance extends Step<'unpause_instance'> {
  declare readonly name: 'unpause_instance';

  async run({ driver, instance, signal }: StepWork<'unpause_instance'>): Promise<StepUpdates> {
    await driver.unpause(instance.uuid, signal);
    return { power_state: PowerState.RUNNING };
  }
}
