import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';
import { withVolumes } from './with-volumes.js';

/** Brings the guest of a server back to its source, running unless the server was stopped before the move. */
@StepOf(messages.finishRevertResize)
export class FinishRevertResize extends Step<'finish_revert_resize'> {
  declare readonly name: 'finish_revert_resize';

  async run(work: StepWork<'finish_revert_resize'>): Promise<StepUpdates> {
    const { ctx, driver, host, instance, move, signal } = work;
    await host.networks.bindHere(ctx, instance);
    const powerOn = instance.system_metadata['old_vm_state'] !== 'stopped';
    return withVolumes(work, (volumes) =>
      driver.finishRevertMigration({ ...move(), volumes, devices: work.devices }, powerOn, signal),
    );
  }

  override abandon({ driver, instance }: StepWork<'finish_revert_resize'>): Promise<void> {
    return driver.destroy(instance.uuid);
  }
}
