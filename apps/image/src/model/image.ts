export type Visibility = 'public' | 'community' | 'shared' | 'private';

/** `queued`: no data yet; `saving`: data on its way; `deactivated`: data that only administrators may read. */
export type ImageStatus = 'queued' | 'saving' | 'active' | 'deactivated';

/** What is known of an image apart from its data. */
export interface Image {
  readonly id: string;
  readonly name: string | null;
  readonly status: ImageStatus;
  readonly visibility: Visibility;
  /** The project that owns it. */
  readonly owner: string | null;
  readonly protected: boolean;
  readonly os_hidden: boolean;
  /** MiB that a server needs at least. */
  readonly min_ram: number;
  /** GiB that a server needs at least. */
  readonly min_disk: number;
  readonly disk_format: string | null;
  readonly container_format: string | null;
  /** Bytes of the data. */
  readonly size: number | null;
  /** Bytes of the disk that the data stands for. */
  readonly virtual_size: number | null;
  /** MD5 of the data. */
  readonly checksum: string | null;
  readonly os_hash_algo: string | null;
  readonly os_hash_value: string | null;
  readonly tags: readonly string[];
  /** `2026-11-21T03:06:22Z` */
  readonly created_at: string;
  readonly updated_at: string;
  /** Names the upload that is under way; only that one may end it. */
  readonly upload?: string;
  /** Free attributes. */
  readonly properties: Readonly<Record<string, string>>;
}

export const DISK_FORMATS = ['ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'] as const;
export const CONTAINER_FORMATS = ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed'] as const;

/** What an upload found out about the data. */
export interface DataFacts {
  readonly size: number;
  readonly virtual_size: number | null;
  readonly checksum: string;
  readonly os_hash_algo: 'sha512';
  readonly os_hash_value: string;
}

/** A moment as the API writes it. */
export const moment = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

const NO_DATA = { size: null, virtual_size: null, checksum: null, os_hash_algo: null, os_hash_value: null } as const;

/** An upload that did not end: the image waits for data again. */
export const withoutData = (image: Image): Image => ({ ...image, ...NO_DATA, status: 'queued', upload: undefined });

/** An image as it is created: without data. */
export function newImage(id: string, owner: string | null, fields: Partial<Image>, nowMs: number): Image {
  const now = moment(nowMs);
  return {
    name: null,
    visibility: 'shared',
    owner,
    protected: false,
    os_hidden: false,
    min_ram: 0,
    min_disk: 0,
    disk_format: null,
    container_format: null,
    tags: [],
    properties: {},
    ...NO_DATA,
    ...fields,
    id,
    status: 'queued',
    created_at: now,
    updated_at: now,
  };
}
