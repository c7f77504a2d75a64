import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Cuts the power of a guest and lets it start anew. */
@StepOf(messages.hardRebootInstance)
export class HardRebootInstance extends Step<'hard_reboot_instance'> {
  declare readonly name: 'hard_reboot_instance';

  async run({ driver, instance, signal }: StepWork<'hard_reboot_instance'>): Promise<StepUpdates> {
    await driver.reboot(instance.uuid, 'hard', signal);
    return { power_state: PowerState.RUNNING };
  }
}
