import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a server that was on no host, of the image that it was shelved to. */
@StepOf(messages.unshelveInstance)
export class UnshelveInstance extends Step<'unshelve_instance'> {
  declare readonly name: 'unshelve_instance';

  async run(work: StepWork<'unshelve_instance'>): Promise<StepUpdates> {
    const { ctx, host, driver, instance, signal } = work;
    await host.networks.bindHere(ctx, instance);
    const { volumes, updates } = await host.volumes.openAll(ctx, instance.uuid, work.blockDevices, signal);
    await driver.spawn({ instance, image: work.arguments.image, admin_password: null, volumes, devices: work.devices }, signal);
    await host.volumes.completeAll(ctx, updates);
    return { power_state: PowerState.RUNNING, ...(updates.length === 0 ? {} : { block_devices: updates }) };
  }

  override async undo({ driver, instance }: StepWork<'unshelve_instance'>): Promise<StepUpdates> {
    await driver.destroy(instance.uuid);
    return {};
  }
}
