import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Starts the guest of a shelved server that is still on its host. */
@StepOf(messages.startShelvedInstance)
export class StartShelvedInstance extends Step<'start_shelved_instance'> {
  declare readonly name: 'start_shelved_instance';

  async run({ driver, instance, signal }: StepWork<'start_shelved_instance'>): Promise<StepUpdates> {
    await driver.powerOn(instance.uuid, signal);
    return { power_state: PowerState.RUNNING };
  }
}
