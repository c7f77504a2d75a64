import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Takes on a guest that has come from another host. */
@StepOf(messages.postLiveMigrationAtDestination)
export class PostLiveMigrationAtDestination extends Step<'post_live_migration_at_destination'> {
  declare readonly name: 'post_live_migration_at_destination';

  async run(work: StepWork<'post_live_migration_at_destination'>): Promise<StepUpdates> {
    const { ctx, driver, host, instance, move, signal } = work;
    await host.networks.bindHere(ctx, instance);
    await driver.postLiveMigrationAtDestination({ ...move(), devices: work.devices }, signal);
    return { power_state: driver.powerState(instance.uuid), progress: 100 };
  }
}
