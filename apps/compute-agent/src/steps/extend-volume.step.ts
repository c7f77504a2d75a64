import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Has a guest see that one of its volumes has grown. */
@StepOf(messages.extendVolume)
export class ExtendVolume extends Step<'extend_volume'> {
  declare readonly name: 'extend_volume';

  async run({
    ctx,
    host,
    driver,
    instance,
    blockDevices,
    arguments: args,
    signal,
  }: StepWork<'extend_volume'>): Promise<StepUpdates> {
    const device = blockDevices.find(({ volume_id }) => volume_id === args.subject.volume_id);
    if (device === undefined) return {};
    const { volume, size, update } = await host.volumes.open(ctx, instance.uuid, device, signal);
    await driver.extendVolume(instance.uuid, volume, size, signal);
    await host.volumes.completeAll(ctx, [update]);
    return { block_devices: [{ uuid: device.uuid, volume_size: size }] };
  }
}
