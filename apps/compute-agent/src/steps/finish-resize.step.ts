import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a server that has come, running unless the server was stopped. */
@StepOf(messages.finishResize)
export class FinishResize extends Step<'finish_resize'> {
  declare readonly name: 'finish_resize';

  async run({ driver, instance, move, signal }: StepWork<'finish_resize'>): Promise<StepUpdates> {
    await driver.finishMigration(move(), instance.vm_state !== 'stopped', signal);
    return { power_state: driver.powerState(instance.uuid) };
  }

  override abandon({ driver, instance }: StepWork<'finish_resize'>): Promise<void> {
    return driver.destroy(instance.uuid);
  }
}
