import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Starts the guest of a server from a rescue image, with its own disk beside it. */
@StepOf(messages.rescueInstance)
export class RescueInstance extends Step<'rescue_instance'> {
  declare readonly name: 'rescue_instance';

  async run({ driver, instance, arguments: args, signal }: StepWork<'rescue_instance'>): Promise<StepUpdates> {
    const { image, admin_password } = args;
    await driver.rescue({ instance, image, admin_password }, signal);
    return { power_state: driver.powerState(instance.uuid) };
  }
}
