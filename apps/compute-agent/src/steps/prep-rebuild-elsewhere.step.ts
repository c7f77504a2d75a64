import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes sure that a server can come to this host, to be made anew here. */
@StepOf(messages.prepRebuildElsewhere)
export class PrepRebuildElsewhere extends Step<'prep_rebuild_elsewhere'> {
  declare readonly name: 'prep_rebuild_elsewhere';

  async run({ driver, move, signal }: StepWork<'prep_rebuild_elsewhere'>): Promise<StepUpdates> {
    await driver.prepareMigration(move(), signal);
    return {};
  }
}
