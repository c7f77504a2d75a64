import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Says whether a guest could come to this host while it runs. */
@StepOf(messages.checkCanLiveMigrateDestination)
export class CheckCanLiveMigrateDestination extends Step<'check_can_live_migrate_destination'> {
  declare readonly name: 'check_can_live_migrate_destination';

  async run({ driver, move, signal }: StepWork<'check_can_live_migrate_destination'>): Promise<StepUpdates> {
    await driver.checkCanLiveMigrate(move(), signal);
    return {};
  }
}
