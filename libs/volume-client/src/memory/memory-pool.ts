import { randomUUID } from 'node:crypto';
import { AppError } from '@kilonova/util';
import type { GivenWords, SnapshotDetail } from '../user-volumes.port.js';
import type { Attachment, Volume } from '../volume.js';

/** What a user has said of a volume, and when it was made. */
interface VolumeWords extends GivenWords {
  readonly createdAt: string;
  readonly type: string;
  readonly snapshotId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StoredVolume extends Volume {
  readonly projectId: string;
  readonly words: VolumeWords;
}

export interface StoredSnapshot extends SnapshotDetail {
  readonly projectId: string;
}

/** Things at most that one pool holds: nothing in memory grows without a bound. */
const LIMIT = 10_000;

/** `2026-01-31T10:11:12.000000`, as Cinder writes times. */
const timeNow = (): string => `${new Date().toISOString().slice(0, 19)}.000000`;

/** Volumes, their snapshots and the servers that have them, in maps. */
export class MemoryPool {
  readonly volumes = new Map<string, StoredVolume>();
  readonly attachments = new Map<string, Attachment & { readonly device: string | null }>();
  readonly snapshots = new Map<string, StoredSnapshot>();
  /** Answers like a service that is down. */
  isDown = false;

  isFull(what: 'volumes' | 'snapshots'): boolean {
    return this[what].size >= LIMIT;
  }

  addVolume(projectId: string, given: Partial<Volume> = {}, words: Partial<VolumeWords> = {}): StoredVolume {
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
      words: { createdAt: timeNow(), type: '__DEFAULT__', snapshotId: null, metadata: {}, ...words },
    };
    this.volumes.set(volume.id, volume);
    return volume;
  }

  addSnapshot(projectId: string, volumeId: string, size: number, { name, description }: GivenWords = {}): StoredSnapshot {
    const words = { name: name ?? null, description: description ?? null, createdAt: timeNow() };
    const snapshot = { id: randomUUID(), volumeId, status: 'available', size, ...words, projectId };
    this.snapshots.set(snapshot.id, snapshot);
    return snapshot;
  }

  attachmentsOf(volumeId: string) {
    return [...this.attachments.values()].filter((one) => one.volumeId === volumeId);
  }

  /** @throws AppError while it is down */
  answer(): void {
    if (this.isDown)
      throw new AppError({ kind: 'dependency', code: 'volume.unavailable', message: 'The volume service cannot be reached.' });
  }
}
