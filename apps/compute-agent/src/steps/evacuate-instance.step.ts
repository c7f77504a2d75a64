import { messages, ROOT_DEVICE, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a server anew whose host is down. It is off in the end where it was before, or where the caller wants it so. */
@StepOf(messages.evacuateInstance)
export class EvacuateInstance extends Step<'evacuate_instance'> {
  declare readonly name: 'evacuate_instance';

  async run(work: StepWork<'evacuate_instance'>): Promise<StepUpdates> {
    const { ctx, driver, host, instance, signal } = work;
    const { image, admin_password, ends_stopped } = work.arguments;
    const { volumes, updates } = await host.volumes.openAll(ctx, instance.uuid, work.blockDevices, signal);
    await driver.spawn({ instance, image, admin_password, volumes }, signal);
    await host.volumes.completeAll(ctx, updates);
    if (ends_stopped || instance.vm_state === 'stopped') await driver.powerOff(instance.uuid, 0, signal);
    return {
      power_state: driver.powerState(instance.uuid),
      root_device_name: instance.root_device_name ?? ROOT_DEVICE,
      ...(updates.length === 0 ? {} : { block_devices: updates }),
    };
  }

  override async undo({ driver, host, instance }: StepWork<'evacuate_instance'>): Promise<StepUpdates> {
    await driver.destroy(instance.uuid);
    host.instances.delete(instance.uuid);
    return {};
  }
}
