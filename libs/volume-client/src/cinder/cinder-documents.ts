import type { SnapshotDetail, VolumeDetail } from '../user-volumes.port.js';
import type { Attachment, Volume } from '../volume.js';

export interface VolumeDocument {
  readonly id: string;
  readonly status: string;
  readonly size: number;
  /** `true` or `false`, as text. */
  readonly bootable?: string | boolean;
  readonly multiattach?: boolean;
  readonly availability_zone?: string | null;
  readonly volume_image_metadata?: Readonly<Record<string, string>>;
  readonly migration_status?: string | null;
  readonly 'os-vol-mig-status-attr:migstat'?: string | null;
  readonly created_at?: string | null;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly volume_type?: string | null;
  readonly snapshot_id?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly attachments?: ReadonlyArray<{ readonly server_id: string; readonly device?: string | null }>;
}

export interface SnapshotDocument {
  readonly id: string;
  readonly volume_id: string;
  readonly status: string;
  readonly size: number;
  readonly created_at?: string | null;
  readonly name?: string | null;
  readonly description?: string | null;
}

/** Reads a volume of the service's answers; what the caller may not see is as if it were not set. */
export const volumeOf = (document: VolumeDocument): Volume => ({
  id: document.id,
  status: document.status,
  size: document.size,
  bootable: String(document.bootable ?? 'false') === 'true',
  multiattach: document.multiattach === true,
  availabilityZone: document.availability_zone ?? null,
  imageMetadata: document.volume_image_metadata ?? {},
  migrationStatus: document['os-vol-mig-status-attr:migstat'] ?? document.migration_status ?? null,
});

/** The same as its owner sees it. */
export const volumeDetailOf = (document: VolumeDocument): VolumeDetail => ({
  id: document.id,
  status: document.status,
  size: document.size,
  availabilityZone: document.availability_zone ?? null,
  createdAt: document.created_at ?? null,
  name: document.name ?? null,
  description: document.description ?? null,
  type: document.volume_type ?? null,
  snapshotId: document.snapshot_id ?? null,
  metadata: document.metadata ?? {},
  attachments: (document.attachments ?? []).map(({ server_id, device }) => ({ serverId: server_id, device: device ?? null })),
});

export const snapshotDetailOf = (document: SnapshotDocument): SnapshotDetail => ({
  id: document.id,
  volumeId: document.volume_id,
  status: document.status,
  size: document.size,
  createdAt: document.created_at ?? null,
  name: document.name ?? null,
  description: document.description ?? null,
});

export interface AttachmentDocument {
  readonly id: string;
  readonly volume_id: string;
  readonly instance: string;
  readonly attached_host?: string | null;
  readonly connector?: { readonly host?: string } | null;
  readonly connection_info?: Readonly<Record<string, unknown>>;
}

export const attachmentOf = (document: AttachmentDocument): Attachment => ({
  id: document.id,
  volumeId: document.volume_id,
  serverId: document.instance,
  host: document.attached_host ?? document.connector?.host ?? null,
});
