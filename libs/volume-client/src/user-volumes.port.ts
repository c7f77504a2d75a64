import type { Ctx } from '@kilonova/util';
import type { VolumeOutcome } from './volume.js';

/** A volume as its project sees it. */
export interface VolumeDetail {
  readonly id: string;
  readonly status: string;
  /** GiB. */
  readonly size: number;
  readonly availabilityZone: string | null;
  /** As the volume service writes it, e.g. `2026-01-31T10:11:12.000000`. */
  readonly createdAt: string | null;
  readonly name: string | null;
  readonly description: string | null;
  /** Name of its type. */
  readonly type: string | null;
  readonly snapshotId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly attachments: ReadonlyArray<{ readonly serverId: string; readonly device: string | null }>;
}

export interface SnapshotDetail {
  readonly id: string;
  readonly volumeId: string;
  readonly status: string;
  /** GiB, of the volume. */
  readonly size: number;
  readonly createdAt: string | null;
  readonly name: string | null;
  readonly description: string | null;
}

/** What a user calls a thing. */
export interface GivenWords {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

export interface WantedVolume extends GivenWords {
  /** GiB. */
  readonly size: number;
  readonly type?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly snapshotId?: string | undefined;
  readonly availabilityZone?: string | undefined;
}

export interface WantedSnapshot extends GivenWords {
  readonly volumeId: string;
  /** Also of a volume that is in use. */
  readonly force: boolean;
}

/** A part of a list, by place. */
export interface ListPart {
  readonly limit: number;
  readonly offset: number;
}

/**
 * Volumes and snapshots as one user has them: everything is asked for in that user's name, and the volume service decides. Each
 * method throws AppError of kind `dependency` when it does not answer.
 */
export abstract class UserVolumes {
  abstract volumes(ctx: Ctx, part: ListPart): Promise<readonly VolumeDetail[]>;

  /** Undefined: there is none that the user may see. */
  abstract volume(ctx: Ctx, id: string): Promise<VolumeDetail | undefined>;

  abstract createVolume(ctx: Ctx, wanted: WantedVolume): Promise<VolumeOutcome<{ readonly volume: VolumeDetail }>>;

  abstract deleteVolume(ctx: Ctx, id: string): Promise<VolumeOutcome<object>>;

  abstract snapshots(ctx: Ctx, part: ListPart): Promise<readonly SnapshotDetail[]>;

  abstract snapshot(ctx: Ctx, id: string): Promise<SnapshotDetail | undefined>;

  abstract createSnapshot(ctx: Ctx, wanted: WantedSnapshot): Promise<VolumeOutcome<{ readonly snapshot: SnapshotDetail }>>;

  abstract deleteSnapshot(ctx: Ctx, id: string): Promise<VolumeOutcome<object>>;
}
