import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a new server run. */
@StepOf(messages.buildAndRunInstance)
export class BuildInstance extends Step<'build_and_run_instance'> {
  declare readonly name: 'build_and_run_instance';

  async run(work: StepWork<'build_and_run_instance'>): Promise<StepUpdates> {
    const { driver, host, instance, signal } = work;
    const { image, admin_password } = work.arguments;
    await driver.spawn({ instance, image, admin_password }, signal);
    host.failedBuilds = 0;
    return { power_state: driver.powerState(instance.uuid), root_device_name: instance.root_device_name ?? '/dev/vda' };
  }

  override undo({ driver, host, instance }: StepWork<'build_and_run_instance'>): Promise<void> {
    host.failedBuilds += 1;
    return driver.destroy(instance.uuid);
  }
}
