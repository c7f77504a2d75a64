import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { rebuildGuest } from '../guest/rebuild-guest.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a server anew of an image. One that was stopped is stopped again. */
@StepOf(messages.rebuildInstance)
export class RebuildInstance extends Step<'rebuild_instance'> {
  declare readonly name: 'rebuild_instance';

  run(work: StepWork<'rebuild_instance'>): Promise<StepUpdates> {
    return rebuildGuest(work, work.arguments.image, work.arguments.admin_password);
  }
}
