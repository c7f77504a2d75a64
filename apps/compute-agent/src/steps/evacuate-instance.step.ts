import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { rebuildGuest } from '../guest/rebuild-guest.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a server anew whose host is down. It is off in the end where it was before, or where the caller wants it so. */
@StepOf(messages.evacuateInstance)
export class EvacuateInstance extends Step<'evacuate_instance'> {
  declare readonly name: 'evacuate_instance';

  async run(work: StepWork<'evacuate_instance'>): Promise<StepUpdates> {
    const { image, admin_password, ends_stopped } = work.arguments;
    await work.host.networks.bindHere(work.ctx, work.instance);
    return rebuildGuest(work, image, admin_password, ends_stopped || work.instance.vm_state === 'stopped');
  }

  override async undo({ driver, host, instance }: StepWork<'evacuate_instance'>): Promise<StepUpdates> {
    await driver.destroy(instance.uuid);
    host.instances.delete(instance.uuid);
    return {};
  }
}
