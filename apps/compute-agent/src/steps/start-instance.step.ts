import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Starts the guest of a server that is stopped. */
@StepOf(messages.startInstance)
export class StartInstance extends Step<'start_instance'> {
  declare readonly name: 'start_instance';

  async run({ driver, instance, signal }: StepWork<'start_instance'>): Promise<StepUpdates> {
    await driver.powerOn(instance.uuid, signal);
    return { power_state: PowerState.RUNNING };
  }
}
