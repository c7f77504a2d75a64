import { randomUUID } from 'node:crypto';
import { AppError, type Ctx } from '@kilonova/util';
import type { UserVolumes } from '../user-volumes.port.js';
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
} from '../volume.js';
import { VolumeService } from '../volume-service.port.js';
import { MemoryPool, type StoredVolume } from './memory-pool.js';
import { MemoryUserVolumes } from './memory-user-volumes.js';

const NOT_FOUND = { outcome: 'refused', reason: 'not-found', message: 'Volume could not be found.' } as const;
const refused = (message: string) => ({ outcome: 'refused', reason: 'invalid', message }) as const;

/** Volumes that are entries of a map, by the rules of Cinder: for trying things out on one machine, and for specs. */
export class MemoryVolumes extends VolumeService {
  readonly isThere = true;
  readonly #pool = new MemoryPool();

  /** Answers like a service that is down. */
  get isDown(): boolean {
    return this.#pool.isDown;
  }

  set isDown(isDown: boolean) {
    this.#pool.isDown = isDown;
  }

  /** Puts a volume there, as a user or an operator of a volume service would. */
  add(projectId: string, given: Partial<Volume> = {}): Volume {
    return this.#pool.addVolume(projectId, given);
  }

  asUser(who: Requester): UserVolumes {
    return new MemoryUserVolumes(this.#pool, who);
  }

  /** For tests: a volume grows. */
  resize(volumeId: string, size: number): void {
    this.#set(volumeId, { size });
  }

  /** For tests. */
  addSnapshot(projectId: string, size: number): Snapshot {
    return this.#pool.addSnapshot(projectId, randomUUID(), size);
  }

  async find(_ctx: Ctx, who: Requester, volumeId: string): Promise<Volume | undefined> {
    const volume = this.#stored(volumeId);
    return volume !== undefined && (who.isAdmin || volume.projectId === who.projectId) ? volume : undefined;
  }

  async get(_ctx: Ctx, volumeId: string): Promise<Volume | undefined> {
    return this.#stored(volumeId);
  }

  async findSnapshot(_ctx: Ctx, who: Requester, snapshotId: string): Promise<Snapshot | undefined> {
    this.#pool.answer();
    const found = this.#pool.snapshots.get(snapshotId);
    return found !== undefined && (who.isAdmin || found.projectId === who.projectId) ? found : undefined;
  }

  async createSnapshot(
    ctx: Ctx,
    who: Requester,
    volumeId: string,
    name: string,
  ): Promise<VolumeOutcome<{ readonly snapshot: Snapshot }>> {
    const volume = await this.find(ctx, who, volumeId);
    if (volume === undefined) return NOT_FOUND;
    if (this.#pool.isFull('snapshots'))
      return { outcome: 'refused', reason: 'over-quota', message: 'SnapshotLimitExceeded: Maximum number of snapshots allowed' };
    return { outcome: 'done', snapshot: this.#pool.addSnapshot(who.projectId, volumeId, volume.size, { name }) };
  }

  async deleteSnapshot(_ctx: Ctx, snapshotId: string): Promise<void> {
    this.#pool.answer();
    this.#pool.snapshots.delete(snapshotId);
  }

  async setSnapshotStatus(_ctx: Ctx, snapshotId: string, status: SnapshotStatus): Promise<void> {
    this.#pool.answer();
    const snapshot = this.#pool.snapshots.get(snapshotId);
    if (snapshot !== undefined) this.#pool.snapshots.set(snapshotId, { ...snapshot, status });
  }

  async hasType(_ctx: Ctx, _who: Requester, type: string): Promise<boolean> {
    this.#pool.answer();
    return type === '__DEFAULT__';
  }

  async create(_ctx: Ctx, who: Requester, given: NewVolume): Promise<VolumeOutcome<{ readonly volumeId: string }>> {
    this.#pool.answer();
    if (this.#pool.isFull('volumes'))
      return { outcome: 'refused', reason: 'over-quota', message: 'VolumeLimitExceeded: Maximum number of volumes allowed' };
    const imageMetadata: Record<string, string> = given.imageId === undefined ? {} : { image_id: given.imageId };
    const bootable = given.imageId !== undefined || given.snapshotId !== undefined;
    return { outcome: 'done', volumeId: this.add(who.projectId, { size: given.size, bootable, imageMetadata }).id };
  }

  async reserve(_ctx: Ctx, volumeId: string, serverId: string): Promise<VolumeOutcome<{ readonly attachmentId: string }>> {
    const volume = this.#stored(volumeId);
    if (volume === undefined) return NOT_FOUND;
    const shared = volume.multiattach || this.#pool.attachmentsOf(volumeId).every((one) => one.serverId === serverId);
    if (volume.status !== 'available' && !(shared && ['in-use', 'reserved', 'attaching'].includes(volume.status)))
      return refused(
        `Invalid volume: Volume ${volumeId} status must be available or downloading to reserve, but the current status is ${volume.status}.`,
      );
    const attachment = { id: randomUUID(), volumeId, serverId, host: null, device: null };
    this.#pool.attachments.set(attachment.id, attachment);
    if (volume.status === 'available') this.#set(volumeId, { status: 'reserved' });
    return { outcome: 'done', attachmentId: attachment.id };
  }

  async attachments(_ctx: Ctx, volumeId: string, serverId: string): Promise<readonly Attachment[]> {
    this.#pool.answer();
    return this.#pool
      .attachmentsOf(volumeId)
      .filter((one) => one.serverId === serverId)
      .map(({ device: _device, ...one }) => one);
  }

  async connect(
    _ctx: Ctx,
    attachmentId: string,
    { host, mountpoint }: Connector,
  ): Promise<VolumeOutcome<{ readonly connection: ConnectionInfo }>> {
    this.#pool.answer();
    const attachment = this.#pool.attachments.get(attachmentId);
    if (attachment === undefined) return { ...NOT_FOUND, message: 'Volume attachment could not be found.' };
    this.#pool.attachments.set(attachmentId, { ...attachment, host, device: mountpoint ?? attachment.device });
    this.#set(attachment.volumeId, { status: 'attaching' });
    const data = { volume_id: attachment.volumeId, device: mountpoint ?? null };
    return { outcome: 'done', connection: { driver_volume_type: 'memory', data } };
  }

  async complete(_ctx: Ctx, attachmentId: string): Promise<void> {
    this.#pool.answer();
    const attachment = this.#pool.attachments.get(attachmentId);
    if (attachment === undefined)
      throw new AppError({ kind: 'dependency', code: 'volume.unexpected', message: 'There is no such attachment.' });
    this.#set(attachment.volumeId, { status: 'in-use' });
  }

  async release(_ctx: Ctx, attachmentId: string): Promise<void> {
    this.#pool.answer();
    const attachment = this.#pool.attachments.get(attachmentId);
    if (attachment === undefined) return;
    this.#pool.attachments.delete(attachmentId);
    const left = this.#pool.attachmentsOf(attachment.volumeId);
    if (left.length === 0) this.#set(attachment.volumeId, { status: 'available' });
    else if (left.every(({ host }) => host === null)) this.#set(attachment.volumeId, { status: 'reserved' });
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
    this.#pool.answer();
    this.#set(oldVolumeId, { migrationStatus: failed ? 'error' : 'success' });
    return newVolumeId;
  }

  /** An image that is on its way when this is set arrives by `arrived` only. */
  keepsImagesWaiting = false;

  async reimage(_ctx: Ctx, volumeId: string, imageId: string): Promise<VolumeOutcome<object>> {
    const volume = this.#stored(volumeId);
    if (volume === undefined) return NOT_FOUND;
    if (!['available', 'error', 'reserved'].includes(volume.status))
      return refused(`Invalid volume: Cannot re-image volume ${volumeId}: its status is ${volume.status}.`);
    this.#set(volumeId, { status: 'downloading', imageMetadata: { image_id: imageId } });
    if (!this.keepsImagesWaiting) this.arrived(volumeId);
    return { outcome: 'done' };
  }

  /** For tests: the image of a volume has arrived, or could not be put there. */
  arrived(volumeId: string, isThere = true): void {
    const before = this.#pool.attachmentsOf(volumeId).length > 0 ? 'reserved' : 'available';
    this.#set(volumeId, { status: isThere ? before : 'error' });
  }

  async delete(_ctx: Ctx, volumeId: string): Promise<'deleted' | 'gone' | 'refused'> {
    const volume = this.#stored(volumeId);
    if (volume === undefined) return 'gone';
    if (volume.status !== 'available' && volume.status !== 'error') return 'refused';
    this.#pool.volumes.delete(volumeId);
    return 'deleted';
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #stored(volumeId: string): StoredVolume | undefined {
    this.#pool.answer();
    return this.#pool.volumes.get(volumeId);
  }

  #set(volumeId: string, change: Partial<Volume>): void {
    const volume = this.#pool.volumes.get(volumeId);
    if (volume !== undefined) this.#pool.volumes.set(volumeId, { ...volume, ...change });
  }
}
