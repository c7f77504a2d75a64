import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';
import { deviceOf } from '../volume/device-of.js';

/** Copies a guest's volume to another that takes its place, as the volume service asks when it moves one to another backend. */
@StepOf(messages.swapVolume)
export class SwapVolume extends Step<'swap_volume'> {
  declare readonly name: 'swap_volume';

  async run(work: StepWork<'swap_volume'>): Promise<StepUpdates> {
    const { ctx, host, driver, instance, signal } = work;
    const { volume_id: oldId, new_volume_id: newId = '' } = work.arguments.subject;
    const device = deviceOf(work);
    const { volume, update } = await host.volumes.open(ctx, instance.uuid, { ...device, volume_id: newId }, signal);
    await driver.swapVolume(instance.uuid, oldId, volume, signal);
    await host.volumes.completeAll(ctx, [update]);
    await host.volumes.release(ctx, instance.uuid, oldId);
    const volume_id = await host.volumes.endMigration(ctx, oldId, newId, 'succeeded');
    return { block_devices: [{ ...update, volume_id }] };
  }

  /** The guest keeps the old volume. */
  override async undo({ ctx, host, instance, arguments: { subject } }: StepWork<'swap_volume'>): Promise<StepUpdates> {
    const { volume_id: oldId, new_volume_id: newId = '' } = subject;
    await host.volumes.tryRelease(ctx, instance.uuid, newId);
    await host.volumes.keep(ctx, oldId);
    await host.volumes.endMigration(ctx, oldId, newId, 'failed');
    return {};
  }
}
