import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Starts the guest of a server that was deleted with delay. */
@StepOf(messages.restoreInstance)
export class RestoreInstance extends Step<'restore_instance'> {
  declare readonly name: 'restore_instance';

  async run({ driver, instance, signal }: StepWork<'restore_instance'>): Promise<StepUpdates> {
    await driver.powerOn(instance.uuid, signal);
    return { power_state: PowerState.RUNNING };
  }
}
