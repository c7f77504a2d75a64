import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';
import { graceOf } from './grace.js';

/** Stops the guest of a server. */
@StepOf(messages.stopInstance)
export class StopInstance extends Step<'stop_instance'> {
  declare readonly name: 'stop_instance';

  async run({ driver, instance, arguments: { clean_shutdown }, signal }: StepWork<'stop_instance'>): Promise<StepUpdates> {
    await driver.powerOff(instance.uuid, clean_shutdown ? graceOf(instance) : 0, signal);
    return { power_state: PowerState.SHUTDOWN };
  }
}
