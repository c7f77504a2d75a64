import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Brings back the guest of a suspended server. */
@StepOf(messages.resumeInstance)
export class ResumeInstance extends Step<'resume_instance'> {
  declare readonly name: 'resume_instance';

  async run({ driver, instance, signal }: StepWork<'resume_instance'>): Promise<StepUpdates> {
    await driver.resume(instance.uuid, signal);
    return { power_state: PowerState.RUNNING };
  }
}
