import { randomUUID } from 'node:crypto';
import { AppError, type Ctx } from '@kilonova/util';
import type { Attachment, ConnectionInfo, Connector, NewVolume, Requester, Snapshot, Volume, VolumeOutcome } from '../volume.js';
import { VolumeService } from '../volume-service.port.js';

interface StoredVolume extends Volume {
  readonly projectId: string;
}

const NOT_FOUND = { outcome: 'refused', reason: 'not-found', message: 'Volume could not be found.' } as const;
const refused = (message: string) => ({ outcome: 'refused', reason: 'invalid', message }) as const;

/** Volumes at most that one pool holds: nothing in memory grows without a bound. */
const POOL_LIMIT = 10_000;

/** Volumes that are entries of a map, by the rules of Cinder: for trying things out on one machine, and for specs. */
export class MemoryVolumes extends VolumeService {
  readonly isThere = true;
  readonly #volumes = new Map<string, StoredVolume>();
  readonly #attachments = new Map<string, Attachment>();
  readonly #snapshots = new Map<string, Snapshot & { readonly projectId: string }>();
  /** Answers like a service that is down. */
  isDown = false;

  /** Puts a volume there, as a user or an operator of a volume service would. */
  add(projectId: string, given: Partial<Volume> = {}): Volume {
    const volume: StoredVolume = {
      id: randomUUID(),
      status: 'available',
      size: 1,
      bootable: false,
      multiattach: false,
      availabilityZone: 'nova',
      imageMetadata: {},
      migrationStatus: null,
      ...given,
      projectId,
    };
    this.#volumes.set(volume.id, volume);
    return volume;
  }

  /** For tests: a volume grows. */
  resize(volumeId: string, size: number): void {
    this.#set(volumeId, { size });
  }

  /** For tests. */
  addSnapshot(projectId: string, size: number): Snapshot {
    return this.#addSnapshot(projectId, size);
  }

  async find(_ctx: Ctx, who: Requester, volumeId: string): Promise<Volume | undefined> {
    const volume = this.#stored(volumeId);
    return volume !== undefined && (who.isAdmin || volume.projectId === who.projectId) ? volume : undefined;
  }

  async get(_ctx: Ctx, volumeId: string): Promise<Volume | undefined> {
    return this.#stored(volumeId);
  }

  async findSnapshot(_ctx: Ctx, who: Requester, snapshotId: string): Promise<Snapshot | undefined> {
    this.#answer();
    const found = this.#snapshots.get(snapshotId);
    return found !== undefined && (who.isAdmin || found.projectId === who.projectId) ? found : undefined;
  }

  async createSnapshot(
    ctx: Ctx,
    who: Requester,
    volumeId: string,
    _name: string,
  ): Promise<VolumeOutcome<{ readonly snapshot: Snapshot }>> {
    const volume = await this.find(ctx, who, volumeId);
    if (volume === undefined) return NOT_FOUND;
    if (this.#snapshots.size >= POOL_LIMIT)
      return { outcome: 'refused', reason: 'over-quota', message: 'SnapshotLimitExceeded: Maximum number of snapshots allowed' };
    return { outcome: 'done', snapshot: this.#addSnapshot(who.projectId, volume.size) };
  }

  async deleteSnapshot(_ctx: Ctx, snapshotId: string): Promise<void> {
    this.#answer();
    this.#snapshots.delete(snapshotId);
  }

  async hasType(_ctx: Ctx, _who: Requester, type: string): Promise<boolean> {
    this.#answer();
    return type === '__DEFAULT__';
  }

  async create(_ctx: Ctx, who: Requester, given: NewVolume): Promise<VolumeOutcome<{ readonly volumeId: string }>> {
    this.#answer();
    if (this.#volumes.size >= POOL_LIMIT)
      return { outcome: 'refused', reason: 'over-quota', message: 'VolumeLimitExceeded: Maximum number of volumes allowed' };
    const imageMetadata: Record<string, string> = given.imageId === undefined ? {} : { image_id: given.imageId };
    const bootable = given.imageId !== undefined || given.snapshotId !== undefined;
    return { outcome: 'done', volumeId: this.add(who.projectId, { size: given.size, bootable, imageMetadata }).id };
  }

  async reserve(_ctx: Ctx, volumeId: string, serverId: string): Promise<VolumeOutcome<{ readonly attachmentId: string }>> {
    const volume = this.#stored(volumeId);
    if (volume === undefined) return NOT_FOUND;
    const shared = volume.multiattach || this.#of(volumeId).every((one) => one.serverId === serverId);
    if (volume.status !== 'available' && !(shared && ['in-use', 'reserved', 'attaching'].includes(volume.status)))
      return refused(
        `Invalid volume: Volume ${volumeId} status must be available or downloading to reserve, but the current status is ${volume.status}.`,
      );
    const attachment = { id: randomUUID(), volumeId, serverId, host: null };
    this.#attachments.set(attachment.id, attachment);
    if (volume.status === 'available') this.#set(volumeId, { status: 'reserved' });
    return { outcome: 'done', attachmentId: attachment.id };
  }

  async attachments(_ctx: Ctx, volumeId: string, serverId: string): Promise<readonly Attachment[]> {
    this.#answer();
    return this.#of(volumeId).filter((one) => one.serverId === serverId);
  }

  async connect(
    _ctx: Ctx,
    attachmentId: string,
    { host, mountpoint }: Connector,
  ): Promise<VolumeOutcome<{ readonly connection: ConnectionInfo }>> {
    this.#answer();
    const attachment = this.#attachments.get(attachmentId);
    if (attachment === undefined) return { ...NOT_FOUND, message: 'Volume attachment could not be found.' };
    this.#attachments.set(attachmentId, { ...attachment, host });
    this.#set(attachment.volumeId, { status: 'attaching' });
    const data = { volume_id: attachment.volumeId, device: mountpoint ?? null };
    return { outcome: 'done', connection: { driver_volume_type: 'memory', data } };
  }

  async complete(_ctx: Ctx, attachmentId: string): Promise<void> {
    this.#answer();
    const attachment = this.#attachments.get(attachmentId);
    if (attachment === undefined)
      throw new AppError({ kind: 'dependency', code: 'volume.unexpected', message: 'There is no such attachment.' });
    this.#set(attachment.volumeId, { status: 'in-use' });
  }

  async release(_ctx: Ctx, attachmentId: string): Promise<void> {
    this.#answer();
    const attachment = this.#attachments.get(attachmentId);
    if (attachment === undefined) return;
    this.#attachments.delete(attachmentId);
    if (this.#of(attachment.volumeId).length === 0) this.#set(attachment.volumeId, { status: 'available' });
  }

  async beginDetaching(_ctx: Ctx, volumeId: string): Promise<VolumeOutcome<object>> {
    const volume = this.#stored(volumeId);
    if (volume === undefined) return NOT_FOUND;
    if (volume.status !== 'in-use')
      return refused(
        `Invalid volume: Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.`,
      );
    this.#set(volumeId, { status: 'detaching' });
    return { outcome: 'done' };
  }

  async rollDetaching(_ctx: Ctx, volumeId: string): Promise<void> {
    if (this.#stored(volumeId)?.status === 'detaching') this.#set(volumeId, { status: 'in-use' });
  }

  async completeMigration(_ctx: Ctx, oldVolumeId: string, newVolumeId: string, failed: boolean): Promise<string> {
    this.#answer();
    this.#set(oldVolumeId, { migrationStatus: failed ? 'error' : 'success' });
    return newVolumeId;
  }

  async delete(_ctx: Ctx, volumeId: string): Promise<'deleted' | 'gone' | 'refused'> {
    const volume = this.#stored(volumeId);
    if (volume === undefined) return 'gone';
    if (volume.status !== 'available' && volume.status !== 'error') return 'refused';
    this.#volumes.delete(volumeId);
    return 'deleted';
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #addSnapshot(projectId: string, size: number): Snapshot {
    const snapshot = { id: randomUUID(), size, projectId };
    this.#snapshots.set(snapshot.id, snapshot);
    return snapshot;
  }

  #of(volumeId: string): Attachment[] {
    return [...this.#attachments.values()].filter((one) => one.volumeId === volumeId);
  }

  #stored(volumeId: string): StoredVolume | undefined {
    this.#answer();
    return this.#volumes.get(volumeId);
  }

  #set(volumeId: string, change: Partial<Volume>): void {
    const volume = this.#volumes.get(volumeId);
    if (volume !== undefined) this.#volumes.set(volumeId, { ...volume, ...change });
  }

  #answer(): void {
    if (this.isDown)
      throw new AppError({ kind: 'dependency', code: 'volume.unavailable', message: 'The volume service cannot be reached.' });
  }
}
