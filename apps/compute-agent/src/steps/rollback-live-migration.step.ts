import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Goes on with a guest that did not go to another host. */
@StepOf(messages.rollbackLiveMigration)
export class RollbackLiveMigration extends Step<'rollback_live_migration'> {
  declare readonly name: 'rollback_live_migration';

  run({ driver, instance }: StepWork<'rollback_live_migration'>): Promise<StepUpdates> {
    return Promise.resolve({ power_state: driver.powerState(instance.uuid), progress: 0 });
  }
}
