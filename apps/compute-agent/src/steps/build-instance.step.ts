import { messages, ROOT_DEVICE, type StepUpdates } from '@kilonova/compute-objects';
import { preservedOf } from '../network/host-networks.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a new server run. */
@StepOf(messages.buildAndRunInstance)
export class BuildInstance extends Step<'build_and_run_instance'> {
  declare readonly name: 'build_and_run_instance';

  async run(work: StepWork<'build_and_run_instance'>): Promise<StepUpdates> {
    const { ctx, driver, host, instance, signal } = work;
    const { image, admin_password } = work.arguments;
    const network_info = await host.networks.allocate(ctx, instance, work.arguments.requested_networks);
    const { volumes, updates } = await host.volumes.openAll(ctx, instance.uuid, work.blockDevices, signal);
    await driver.spawn({ instance, image, admin_password, volumes, interfaces: network_info, devices: work.devices }, signal);
    await host.volumes.completeAll(ctx, updates);
    host.failedBuilds = 0;
    return {
      power_state: driver.powerState(instance.uuid),
      root_device_name: instance.root_device_name ?? ROOT_DEVICE,
      ...(network_info.length === 0 ? {} : { network_info }),
      ...(updates.length === 0 ? {} : { block_devices: updates }),
    };
  }

  override async undo(work: StepWork<'build_and_run_instance'>): Promise<StepUpdates> {
    const { ctx, driver, host, instance } = work;
    host.failedBuilds += 1;
    await driver.destroy(instance.uuid);
    const { requested_networks: requested } = work.arguments;
    if (typeof requested !== 'string') await host.networks.end(ctx, instance.uuid, preservedOf(requested));
    return {};
  }
}
