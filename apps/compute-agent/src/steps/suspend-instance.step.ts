import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Saves the guest of a server to disk. */
@StepOf(messages.suspendInstance)
export class SuspendInstance extends Step<'suspend_instance'> {
  declare readonly name: 'suspend_instance';

  async run({ driver, instance, signal }: StepWork<'suspend_instance'>): Promise<StepUpdates> {
    await driver.suspend(instance.uuid, signal);
    return { power_state: PowerState.SUSPENDED };
  }
}
