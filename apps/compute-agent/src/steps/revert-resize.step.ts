import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Removes the guest of a server whose move is taken back. */
@StepOf(messages.revertResize)
export class RevertResize extends Step<'revert_resize'> {
  declare readonly name: 'revert_resize';

  async run({ driver, instance }: StepWork<'revert_resize'>): Promise<StepUpdates> {
    await driver.destroy(instance.uuid);
    return {};
  }
}
