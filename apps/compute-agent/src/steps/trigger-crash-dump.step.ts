import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Has the system of a guest write a dump of its memory. */
@StepOf(messages.triggerCrashDump)
export class TriggerCrashDump extends Step<'trigger_crash_dump'> {
  declare readonly name: 'trigger_crash_dump';

  async run({ driver, instance, signal }: StepWork<'trigger_crash_dump'>): Promise<StepUpdates> {
    await driver.triggerCrashDump(instance.uuid, signal);
    return {};
  }
}
