import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Takes a volume away from a guest, and lets it go; when that fails, the server keeps it. */
@StepOf(messages.detachVolume)
export class DetachVolume extends Step<'detach_volume'> {
  declare readonly name: 'detach_volume';

  async run({ ctx, host, driver, instance, arguments: args, signal }: StepWork<'detach_volume'>): Promise<StepUpdates> {
    await driver.detachVolume(instance.uuid, args.subject.volume_id, signal);
    await host.volumes.release(ctx, instance.uuid, args.subject.volume_id);
    return { block_devices: [{ uuid: args.block_device, removed: true }] };
  }

  override async undo({ ctx, host, arguments: { subject } }: StepWork<'detach_volume'>): Promise<StepUpdates> {
    await host.volumes.keep(ctx, subject.volume_id);
    return {};
  }
}
