import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Removes what a guest that has gone to another host left here. */
@StepOf(messages.postLiveMigration)
export class PostLiveMigration extends Step<'post_live_migration'> {
  declare readonly name: 'post_live_migration';

  async run({ driver, host, instance, signal }: StepWork<'post_live_migration'>): Promise<StepUpdates> {
    await driver.postLiveMigration(instance.uuid, signal);
    host.instances.delete(instance.uuid);
    return {};
  }
}
