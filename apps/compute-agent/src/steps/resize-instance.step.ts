import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';
import { graceOf } from './grace.js';

/** Stops the guest of a server that moves, and hands its disk to the destination. */
@StepOf(messages.resizeInstance)
export class ResizeInstance extends Step<'resize_instance'> {
  declare readonly name: 'resize_instance';

  async run({ driver, instance, move, signal }: StepWork<'resize_instance'>): Promise<StepUpdates> {
    await driver.migrateDiskAndPowerOff(move(), graceOf(instance), signal);
    return { system_metadata: { old_vm_state: instance.vm_state } };
  }
}
