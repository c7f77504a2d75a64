import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Destroys the guest of a server that is made anew elsewhere: of its disk nothing would be kept. */
@StepOf(messages.leaveForRebuild)
export class LeaveForRebuild extends Step<'leave_for_rebuild'> {
  declare readonly name: 'leave_for_rebuild';

  async run({ driver, host, instance }: StepWork<'leave_for_rebuild'>): Promise<StepUpdates> {
    await driver.destroy(instance.uuid);
    host.instances.delete(instance.uuid);
    return {};
  }
}
