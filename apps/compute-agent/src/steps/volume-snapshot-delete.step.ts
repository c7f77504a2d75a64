import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Has a hypervisor remove such a snapshot, and tells the volume service. */
@StepOf(messages.volumeSnapshotDelete)
export class VolumeSnapshotDelete extends Step<'volume_snapshot_delete'> {
  declare readonly name: 'volume_snapshot_delete';

  async run({ ctx, host, driver, instance, arguments: args, signal }: StepWork<'volume_snapshot_delete'>): Promise<StepUpdates> {
    const { subject, snapshot_id: id, info } = args;
    await driver.deleteVolumeSnapshot(instance.uuid, subject.volume_id, { id, info }, signal);
    await host.volumes.noteSnapshot(ctx, id, 'deleting');
    return {};
  }

  override async undo({
    ctx,
    host,
    arguments: { subject, snapshot_id: id },
  }: StepWork<'volume_snapshot_delete'>): Promise<StepUpdates> {
    await host.volumes.noteFailedSnapshot(ctx, subject.volume_id, id, 'error_deleting');
    return {};
  }
}
