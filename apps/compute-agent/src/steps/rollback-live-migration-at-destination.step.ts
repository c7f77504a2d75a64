import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Takes back what was made ready for a guest that did not come. */
@StepOf(messages.rollbackLiveMigrationAtDestination)
export class RollbackLiveMigrationAtDestination extends Step<'rollback_live_migration_at_destination'> {
  declare readonly name: 'rollback_live_migration_at_destination';

  async run({ driver, host, instance, move }: StepWork<'rollback_live_migration_at_destination'>): Promise<StepUpdates> {
    await driver.rollbackLiveMigrationAtDestination(move());
    host.instances.delete(instance.uuid);
    return {};
  }
}
