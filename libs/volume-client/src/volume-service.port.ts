import type { Ctx } from '@kilonova/util';
import type { UserVolumes } from './user-volumes.port.js';
import type {
  Attachment,
  ConnectionInfo,
  Connector,
  NewVolume,
  Requester,
  Snapshot,
  SnapshotStatus,
  Volume,
  VolumeOutcome,
} from './volume.js';

/**
 * The volumes of servers. What a user sees and makes goes by the user's token; attachments, which outlive every token, go by
 * the service's own. Every method is safe to repeat but `create`, `createSnapshot`, `reimage` and `reserve`. Each throws AppError of kind `dependency` when the
 * volume service does not answer.
 */
export abstract class VolumeService {
  /** False: this cloud has no volume service; then there are no volumes, and the rest is never asked. */
  abstract readonly isThere: boolean;

  /** All that a user may do with volumes and snapshots of their own. */
  abstract asUser(who: Requester): UserVolumes;

  /** As the requester sees it; undefined when there is none that they may see. */
  abstract find(ctx: Ctx, who: Requester, volumeId: string): Promise<Volume | undefined>;

  abstract findSnapshot(ctx: Ctx, who: Requester, snapshotId: string): Promise<Snapshot | undefined>;

  /** Begins to make a snapshot of a volume, the requester's own, whoever uses the volume meanwhile. */
  abstract createSnapshot(
    ctx: Ctx,
    who: Requester,
    volumeId: string,
    name: string,
  ): Promise<VolumeOutcome<{ readonly snapshot: Snapshot }>>;

  /** With the service's own rights; nothing happens when it is gone. */
  abstract deleteSnapshot(ctx: Ctx, snapshotId: string): Promise<void>;

  /** What has become of a snapshot that a hypervisor makes or removes; nothing happens when it is gone. */
  abstract setSnapshotStatus(ctx: Ctx, snapshotId: string, status: SnapshotStatus): Promise<void>;

  /** Whether the requester may use a type of this name or id. */
  abstract hasType(ctx: Ctx, who: Requester, type: string): Promise<boolean>;

  /** Begins to make a volume, the requester's own. It is `available` later. */
  abstract create(ctx: Ctx, who: Requester, volume: NewVolume): Promise<VolumeOutcome<{ readonly volumeId: string }>>;

  /** With the service's own rights: undefined when it is gone. */
  abstract get(ctx: Ctx, volumeId: string): Promise<Volume | undefined>;

  /** Keeps a volume for a server; nobody else gets it meanwhile. */
  abstract reserve(ctx: Ctx, volumeId: string, serverId: string): Promise<VolumeOutcome<{ readonly attachmentId: string }>>;

  /** The ties between a volume and a server. */
  abstract attachments(ctx: Ctx, volumeId: string, serverId: string): Promise<readonly Attachment[]>;

  /** Opens the volume to a host; asked again with the same host, it answers the same. */
  abstract connect(
    ctx: Ctx,
    attachmentId: string,
    connector: Connector,
  ): Promise<VolumeOutcome<{ readonly connection: ConnectionInfo }>>;

  /** The guest has it: the volume is `in-use` from now on. */
  abstract complete(ctx: Ctx, attachmentId: string): Promise<void>;

  /** Unties volume and server; nothing happens when they are not tied. */
  abstract release(ctx: Ctx, attachmentId: string): Promise<void>;

  /** Marks an attached volume as being detached. */
  abstract beginDetaching(ctx: Ctx, volumeId: string): Promise<VolumeOutcome<object>>;

  /** Takes the mark back. */
  abstract rollDetaching(ctx: Ctx, volumeId: string): Promise<void>;

  /** Tells that a server uses the new volume in place of the old one. Returns the id that it is known by from now on. */
  abstract completeMigration(ctx: Ctx, oldVolumeId: string, newVolumeId: string, failed: boolean): Promise<string>;

  /**
   * Begins to put an image in place of what a volume holds, which stays reserved meanwhile: it is `downloading`, then what it was before, or
   * `error`. Compute is told of the end by the event `volume-reimaged`.
   */
  abstract reimage(ctx: Ctx, volumeId: string, imageId: string): Promise<VolumeOutcome<object>>;

  /** `gone`: there was none. `refused`: it is in use, or kept by its snapshots. */
  abstract delete(ctx: Ctx, volumeId: string): Promise<'deleted' | 'gone' | 'refused'>;

  abstract close(): Promise<void>;
}
