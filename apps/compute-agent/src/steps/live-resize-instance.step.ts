import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Gives the guest its server's new flavor while it runs. What fails leaves it as it was. */
@StepOf(messages.liveResizeInstance)
export class LiveResizeInstance extends Step<'live_resize_instance'> {
  declare readonly name: 'live_resize_instance';

  async run({ driver, instance, arguments: { flavor }, signal }: StepWork<'live_resize_instance'>): Promise<StepUpdates> {
    if (flavor !== null) await driver.liveResize(instance, flavor, signal);
    return {};
  }
}
