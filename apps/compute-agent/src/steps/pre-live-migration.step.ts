import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { CancelledStepError } from '../operation/running-steps.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes this host ready for a guest that is about to come. */
@StepOf(messages.preLiveMigration)
export class PreLiveMigration extends Step<'pre_live_migration'> {
  declare readonly name: 'pre_live_migration';

  async run({ driver, move, arguments: { cancelled }, signal }: StepWork<'pre_live_migration'>): Promise<StepUpdates> {
    if (cancelled) throw new CancelledStepError('the live migration was aborted');
    await driver.preLiveMigration(move(), signal);
    return {};
  }

  override async undo({ driver, move }: StepWork<'pre_live_migration'>): Promise<StepUpdates> {
    await driver.rollbackLiveMigrationAtDestination(move());
    return {};
  }
}
