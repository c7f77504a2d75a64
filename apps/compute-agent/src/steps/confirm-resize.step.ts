import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Removes what a server that has moved left on its source. */
@StepOf(messages.confirmResize)
export class ConfirmResize extends Step<'confirm_resize'> {
  declare readonly name: 'confirm_resize';

  async run({ driver, instance, signal }: StepWork<'confirm_resize'>): Promise<StepUpdates> {
    await driver.confirmMigration(instance.uuid, signal);
    return {};
  }
}
