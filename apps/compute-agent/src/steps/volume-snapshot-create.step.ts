import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Has a hypervisor make a snapshot of a volume that it has open, as storage in files needs it, and tells the volume service. */
@StepOf(messages.volumeSnapshotCreate)
export class VolumeSnapshotCreate extends Step<'volume_snapshot_create'> {
  declare readonly name: 'volume_snapshot_create';

  async run({ ctx, host, driver, instance, arguments: args, signal }: StepWork<'volume_snapshot_create'>): Promise<StepUpdates> {
    const { subject, snapshot_id: id, info } = args;
    await driver.createVolumeSnapshot(instance.uuid, subject.volume_id, { id, info }, signal);
    await host.volumes.noteSnapshot(ctx, id, 'creating');
    return {};
  }

  override async undo({
    ctx,
    host,
    arguments: { subject, snapshot_id: id },
  }: StepWork<'volume_snapshot_create'>): Promise<StepUpdates> {
    await host.volumes.noteFailedSnapshot(ctx, subject.volume_id, id, 'error');
    return {};
  }
}
