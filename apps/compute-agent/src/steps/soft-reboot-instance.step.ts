import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Asks the system of a guest to restart. */
@StepOf(messages.softRebootInstance)
export class SoftRebootInstance extends Step<'soft_reboot_instance'> {
  declare readonly name: 'soft_reboot_instance';

  async run({ driver, instance, signal }: StepWork<'soft_reboot_instance'>): Promise<StepUpdates> {
    await driver.reboot(instance.uuid, 'soft', signal);
    return { power_state: PowerState.RUNNING };
  }
}
