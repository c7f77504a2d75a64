import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Takes the power of the guest of a server that is deleted with delay; its disk stays. */
@StepOf(messages.softDeleteInstance)
export class SoftDeleteInstance extends Step<'soft_delete_instance'> {
  declare readonly name: 'soft_delete_instance';

  async run({ driver, instance, signal }: StepWork<'soft_delete_instance'>): Promise<StepUpdates> {
    await driver.powerOff(instance.uuid, 0, signal);
    return { power_state: PowerState.SHUTDOWN };
  }
}
