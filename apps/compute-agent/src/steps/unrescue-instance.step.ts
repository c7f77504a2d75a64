import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Starts the guest of a rescued server from its own disk again. */
@StepOf(messages.unrescueInstance)
export class UnrescueInstance extends Step<'unrescue_instance'> {
  declare readonly name: 'unrescue_instance';

  async run({ driver, instance, signal }: StepWork<'unrescue_instance'>): Promise<StepUpdates> {
    await driver.unrescue(instance.uuid, signal);
    return { power_state: driver.powerState(instance.uuid) };
  }
}
