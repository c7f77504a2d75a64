import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Removes the guest of a shelved server from its host; its image and its volumes are kept. */
@StepOf(messages.shelveOffloadInstance)
export class ShelveOffloadInstance extends Step<'shelve_offload_instance'> {
  declare readonly name: 'shelve_offload_instance';

  async run({ driver, instance }: StepWork<'shelve_offload_instance'>): Promise<StepUpdates> {
    await driver.destroy(instance.uuid);
    return { power_state: PowerState.SHUTDOWN };
  }
}
