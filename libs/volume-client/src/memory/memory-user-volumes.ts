import type { Ctx } from '@kilonova/util';
import {
  type ListPart,
  type SnapshotDetail,
  UserVolumes,
  type VolumeDetail,
  type WantedSnapshot,
  type WantedVolume,
} from '../user-volumes.port.js';
import type { Requester, VolumeOutcome } from '../volume.js';
import type { MemoryPool, StoredSnapshot, StoredVolume } from './memory-pool.js';

const none = (what: string) => ({ outcome: 'refused', reason: 'not-found', message: `${what} could not be found.` }) as const;
const refused = (message: string) => ({ outcome: 'refused', reason: 'invalid', message }) as const;
const overQuota = (message: string) => ({ outcome: 'refused', reason: 'over-quota', message }) as const;

/** Volumes in maps as one user has them, by the rules of Cinder. */
export class MemoryUserVolumes extends UserVolumes {
  constructor(
    private readonly pool: MemoryPool,
    private readonly who: Requester,
  ) {
    super();
  }

  async volumes(_ctx: Ctx, part: ListPart): Promise<readonly VolumeDetail[]> {
    return this.#part(this.pool.volumes, part).map((volume) => this.#detail(volume));
  }

  async volume(_ctx: Ctx, id: string): Promise<VolumeDetail | undefined> {
    const found = this.#own(this.pool.volumes, id);
    return found && this.#detail(found);
  }

  async createVolume(_ctx: Ctx, wanted: WantedVolume): Promise<VolumeOutcome<{ readonly volume: VolumeDetail }>> {
    const { size, name, description, snapshotId = null, type = '__DEFAULT__', availabilityZone = 'nova' } = wanted;
    this.pool.answer();
    if (this.pool.isFull('volumes')) return overQuota('VolumeLimitExceeded: Maximum number of volumes allowed');
    if (type !== '__DEFAULT__') return none(`Volume type with name ${type}`);
    const snapshot = snapshotId === null ? undefined : this.#own(this.pool.snapshots, snapshotId);
    if (snapshotId !== null && snapshot === undefined) return none(`Snapshot ${snapshotId}`);
    if (snapshot !== undefined && size < snapshot.size)
      return refused(
        `Invalid input received: Volume size '${size}'GB cannot be smaller than the snapshot size ${snapshot.size}GB.`,
      );
    const metadata = Object.fromEntries(Object.entries(wanted.metadata ?? {}).map(([key, value]) => [key, String(value)]));
    const words = { name, description, type, snapshotId, metadata };
    return { outcome: 'done', volume: this.#detail(this.pool.addVolume(this.who.projectId, { size, availabilityZone }, words)) };
  }

  async deleteVolume(_ctx: Ctx, id: string): Promise<VolumeOutcome<object>> {
    const volume = this.#own(this.pool.volumes, id);
    if (volume === undefined) return none(`Volume ${id}`);
    if (volume.status !== 'available' && volume.status !== 'error')
      return refused('Invalid volume: Volume status must be available or error and must not be attached.');
    this.pool.volumes.delete(id);
    return { outcome: 'done' };
  }

  async snapshots(_ctx: Ctx, part: ListPart): Promise<readonly SnapshotDetail[]> {
    return this.#part(this.pool.snapshots, part);
  }

  async snapshot(_ctx: Ctx, id: string): Promise<SnapshotDetail | undefined> {
    return this.#own(this.pool.snapshots, id);
  }

  async createSnapshot(_ctx: Ctx, wanted: WantedSnapshot): Promise<VolumeOutcome<{ readonly snapshot: SnapshotDetail }>> {
    const volume = this.#own(this.pool.volumes, wanted.volumeId);
    if (volume === undefined) return none(`Volume ${wanted.volumeId}`);
    if (volume.status !== 'available' && !wanted.force)
      return refused(`Invalid volume: Volume ${volume.id} status must be available, but current status is: ${volume.status}.`);
    if (this.pool.isFull('snapshots')) return overQuota('SnapshotLimitExceeded: Maximum number of snapshots allowed');
    return { outcome: 'done', snapshot: this.pool.addSnapshot(this.who.projectId, volume.id, volume.size, wanted) };
  }

  async deleteSnapshot(_ctx: Ctx, id: string): Promise<VolumeOutcome<object>> {
    if (this.#own(this.pool.snapshots, id) === undefined) return none(`Snapshot ${id}`);
    this.pool.snapshots.delete(id);
    return { outcome: 'done' };
  }

  #detail({ id, status, size, availabilityZone, words }: StoredVolume): VolumeDetail {
    const attachments = this.pool.attachmentsOf(id).map(({ serverId, device }) => ({ serverId, device }));
    const { name = null, description = null, ...rest } = words;
    return { id, status, size, availabilityZone, name, description, ...rest, attachments };
  }

  /** The user's own, newest first; an administrator too lists those of one project. */
  #part<T extends StoredVolume | StoredSnapshot>(all: ReadonlyMap<string, T>, { limit, offset }: ListPart): T[] {
    this.pool.answer();
    const own = [...all.values()].filter(({ projectId }) => projectId === this.who.projectId);
    return own.reverse().slice(offset, offset + limit);
  }

  #own<T extends StoredVolume | StoredSnapshot>(all: ReadonlyMap<string, T>, id: string): T | undefined {
    this.pool.answer();
    const found = all.get(id);
    return found !== undefined && (this.who.isAdmin || found.projectId === this.who.projectId) ? found : undefined;
  }
}
