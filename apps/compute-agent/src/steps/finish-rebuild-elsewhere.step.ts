import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { rebuildGuest } from '../guest/rebuild-guest.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a server anew that has come from another host. */
@StepOf(messages.finishRebuildElsewhere)
export class FinishRebuildElsewhere extends Step<'finish_rebuild_elsewhere'> {
  declare readonly name: 'finish_rebuild_elsewhere';

  async run(work: StepWork<'finish_rebuild_elsewhere'>): Promise<StepUpdates> {
    const { image, admin_password } = work.arguments;
    await work.host.networks.bindHere(work.ctx, work.instance);
    return rebuildGuest(work, image, admin_password);
  }

  override abandon({ driver, instance }: StepWork<'finish_rebuild_elsewhere'>): Promise<void> {
    return driver.destroy(instance.uuid);
  }
}
