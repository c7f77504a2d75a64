import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes sure that a server can come to this host with its new flavor. */
@StepOf(messages.prepResize)
export class PrepResize extends Step<'prep_resize'> {
  declare readonly name: 'prep_resize';

  async run({ driver, move, signal }: StepWork<'prep_resize'>): Promise<StepUpdates> {
    await driver.prepareMigration(move(), signal);
    return {};
  }
}
