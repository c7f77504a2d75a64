import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Brings the guest of a server back to its source, running unless the server was stopped before the move. */
@StepOf(messages.finishRevertResize)
export class FinishRevertResize extends Step<'finish_revert_resize'> {
  declare readonly name: 'finish_revert_resize';

  async run({ driver, instance, move, signal }: StepWork<'finish_revert_resize'>): Promise<StepUpdates> {
    await driver.finishRevertMigration(move(), instance.system_metadata['old_vm_state'] !== 'stopped', signal);
    return { power_state: driver.powerState(instance.uuid) };
  }

  override abandon({ driver, instance }: StepWork<'finish_revert_resize'>): Promise<void> {
    return driver.destroy(instance.uuid);
  }
}
