import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';
import { deviceOf } from '../volume/device-of.js';

/** Gives a guest a volume that the API has reserved for it; when that fails, the server has it no more. */
@StepOf(messages.attachVolume)
export class AttachVolume extends Step<'attach_volume'> {
  declare readonly name: 'attach_volume';

  async run(work: StepWork<'attach_volume'>): Promise<StepUpdates> {
    const { ctx, host, driver, instance, signal } = work;
    const { volume, update } = await host.volumes.open(ctx, instance.uuid, deviceOf(work), signal);
    await driver.attachVolume(instance.uuid, volume, signal);
    await host.volumes.completeAll(ctx, [update]);
    return { block_devices: [update] };
  }

  override async undo(work: StepWork<'attach_volume'>): Promise<StepUpdates> {
    const { ctx, host, driver, instance, signal } = work;
    const { block_device: uuid, subject } = work.arguments;
    await driver.detachVolume(instance.uuid, subject.volume_id, signal);
    await host.volumes.tryRelease(ctx, instance.uuid, subject.volume_id);
    return { block_devices: [{ uuid, removed: true }] };
  }
}
