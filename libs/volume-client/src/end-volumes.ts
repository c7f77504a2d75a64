import type { Ctx } from '@kilonova/util';
import type { VolumeService } from './volume-service.port.js';

/** What of a server's disk says what becomes of it at the server's end. */
export interface EndingVolume {
  readonly volume_id: string | null;
  readonly delete_on_termination: boolean;
}

/**
 * Lets go of the volumes of a server that is no more, and deletes those that go with it. Goes on with the others where one
 * fails. Safe to repeat.
 * @param failed told of a volume that was not let go, or could not be deleted
 */
export async function endVolumes(
  ctx: Ctx,
  volumes: VolumeService,
  serverId: string,
  devices: readonly EndingVolume[],
  failed: (volumeId: string, error: unknown) => void,
): Promise<void> {
  for (const { volume_id: volumeId, delete_on_termination } of devices) {
    if (volumeId === null) continue;
    try {
      for (const { id } of await volumes.attachments(ctx, volumeId, serverId)) await volumes.release(ctx, id);
      if (delete_on_termination && (await volumes.delete(ctx, volumeId)) === 'refused')
        failed(volumeId, new Error('the volume service refuses to delete it'));
    } catch (error) {
      failed(volumeId, error);
    }
  }
}
