import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';
import { withVolumes } from './with-volumes.js';

/** Makes the guest of a server that has come, running unless the server was stopped. */
@StepOf(messages.finishResize)
export class FinishResize extends Step<'finish_resize'> {
  declare readonly name: 'finish_resize';

  async run(work: StepWork<'finish_resize'>): Promise<StepUpdates> {
    const { ctx, driver, host, instance, move, signal } = work;
    await host.networks.bindHere(ctx, instance);
    return withVolumes(work, (volumes) =>
      driver.finishMigration({ ...move(), volumes, devices: work.devices }, instance.vm_state !== 'stopped', signal),
    );
  }

  override abandon({ driver, instance }: StepWork<'finish_resize'>): Promise<void> {
    return driver.destroy(instance.uuid);
  }
}
