export type ImageVisibility = 'public' | 'community' | 'shared' | 'private';

/** An image's metadata; free attributes apart under `properties`. */
export interface ImageInfo {
  readonly id: string;
  readonly name: string | null;
  /** `queued`, `saving`, `active`, `deactivated` … */
  readonly status: string;
  readonly visibility: ImageVisibility;
  readonly owner: string | null;
  readonly protected: boolean;
  readonly disk_format: string | null;
  readonly container_format: string | null;
  /** MD5 of the data. */
  readonly checksum: string | null;
  readonly os_hash_algo: string | null;
  readonly os_hash_value: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** Bytes of the disk behind the data. */
  readonly virtual_size: number | null;
  /** MiB. */
  readonly min_ram: number;
  /** GiB. */
  readonly min_disk: number;
  readonly tags: readonly string[];
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly properties: Readonly<Record<string, string>>;
}

/** What a new image may be given; free attributes under `properties`. */
export interface NewImage {
  /** Given, the creation can be repeated safely. */
  readonly id?: string;
  readonly name: string;
  readonly owner?: string;
  readonly visibility?: ImageVisibility;
  readonly disk_format?: string | null;
  readonly container_format?: string | null;
  readonly min_ram?: number;
  readonly min_disk?: number;
  readonly properties?: Readonly<Record<string, string>>;
}

type Document = Readonly<Record<string, unknown>>;

const OWN = [
  'id',
  'name',
  'status',
  'visibility',
  'owner',
  'protected',
  'disk_format',
  'container_format',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'size',
  'virtual_size',
  'min_ram',
  'min_disk',
  'tags',
  'created_at',
  'updated_at',
] as const;

/** Keys of the answer that are neither attributes of every image nor free ones. */
const ABOUT = ['self', 'file', 'schema', 'stores', 'os_hidden', 'locations', 'direct_url'];

const KNOWN: ReadonlySet<string> = new Set([...OWN, ...ABOUT]);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Reads an image of the service's answers; what an old one lacks is null or its default. */
export function imageOf(document: Document): ImageInfo {
  const own = Object.fromEntries(OWN.map((key) => [key, document[key] ?? null]));
  const free = Object.entries(document).filter(([key, value]) => !KNOWN.has(key) && value !== null);
  return {
    ...(own as unknown as ImageInfo),
    protected: document['protected'] === true,
    min_ram: Number(document['min_ram'] ?? 0),
    min_disk: Number(document['min_disk'] ?? 0),
    tags: (document['tags'] as readonly string[] | undefined) ?? [],
    properties: Object.fromEntries(free.map(([key, value]) => [key, textOf(value)])),
  };
}

/** The body that creates an image. */
export const documentOf = ({ properties, ...image }: NewImage): Document => ({ ...properties, ...image });

/** Attributes of every image that its owner may set, each by a request of its own. */
const BASE: ReadonlySet<string> = new Set([
  'name',
  'visibility',
  'owner',
  'protected',
  'os_hidden',
  'min_ram',
  'min_disk',
  'disk_format',
  'container_format',
  'tags',
]);

/** Names that Glance reserves for the future or for the past, beside those of its answers. */
const RESERVED: ReadonlySet<string> = new Set(['location', 'deleted', 'deleted_at']);

/** What a name stands for in an image: an attribute that clients make up, one that owners set, or one that the service sets. */
export type AttributeKind = 'free' | 'base' | 'read-only';

/** Source: Glance's base, read-only and reserved properties, and its namespace `os_glance_`. */
export function attributeKind(name: string): AttributeKind {
  if (BASE.has(name)) return 'base';
  return KNOWN.has(name) || RESERVED.has(name) || name.startsWith('os_glance') ? 'read-only' : 'free';
}
