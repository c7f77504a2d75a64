import { messages, ROOT_DEVICE, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a new server run. */
@StepOf(messages.buildAndRunInstance)
export class BuildInstance extends Step<'build_and_run_instance'> {
  declare readonly name: 'build_and_run_instance';

  async run(work: StepWork<'build_and_run_instance'>): Promise<StepUpdates> {
    const { ctx, driver, host, instance, signal } = work;
    const { image, admin_password } = work.arguments;
    const { volumes, updates } = await host.volumes.openAll(ctx, instance.uuid, work.blockDevices, signal);
    await driver.spawn({ instance, image, admin_password, volumes }, signal);
    await host.volumes.completeAll(ctx, updates);
    host.failedBuilds = 0;
    return {
      power_state: driver.powerState(instance.uuid),
      root_device_name: instance.root_device_name ?? ROOT_DEVICE,
      ...(updates.length === 0 ? {} : { block_devices: updates }),
    };
  }

  override async undo({ driver, host, instance }: StepWork<'build_and_run_instance'>): Promise<StepUpdates> {
    host.failedBuilds += 1;
    await driver.destroy(instance.uuid);
    return {};
  }
}
