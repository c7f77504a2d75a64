import type { Instance } from '@kilonova/compute-objects';
import { attributeKind, type NewImage } from '@kilonova/image-client';
import { invalid, type Principal } from '@kilonova/util';

/** What a snapshot is to be called, and what it is marked with. */
export interface SnapshotWish {
  readonly name: string;
  readonly type: 'snapshot' | 'backup';
  readonly properties: Readonly<Record<string, string>>;
}

const IMAGE_PREFIX = 'image_';
/** Facts of a server's image that are attributes of every image. */
const ATTRIBUTES: ReadonlySet<string> = new Set(['name', 'min_ram', 'min_disk', 'disk_format', 'container_format']);
/** What a snapshot does not take over from the image that its server was made of. Source: Nova's constant and its option's default. */
const NOT_INHERITED: ReadonlySet<string> = new Set([
  'img_signature',
  'img_signature_hash_method',
  'img_signature_key_type',
  'img_signature_certificate_uuid',
  'cinder_encryption_key_id',
  'cinder_encryption_key_deletion_policy',
  'cache_in_nova',
  'bittorrent',
]);
/** What a server remembers of who made it, that its snapshots tell. */
const OF_THE_BOOT = ['owner_user_name', 'owner_project_name', 'boot_roles'] as const;

/** @throws AppError 400 for metadata that would change what every image has */
export function checkFree(properties: Readonly<Record<string, string>>): void {
  const taken = Object.keys(properties).find((name) => attributeKind(name) !== 'free');
  if (taken !== undefined) throw invalid('compute.image.attribute', `Attribute '${taken}' cannot be set as metadata.`);
}

/** The image that a server is to become, before it has data: as Nova describes it, in the project of who asks. */
export function snapshotImage(
  instance: Instance,
  caller: Pick<Principal, 'userId' | 'projectId'>,
  { name, type, properties }: SnapshotWish,
): NewImage & { readonly disk_format: string } {
  const facts = instance.system_metadata;
  const isOwn = caller.projectId === instance.project_id;
  return {
    name,
    visibility: isOwn ? 'private' : 'shared',
    disk_format: facts['image_disk_format'] || 'raw',
    container_format: facts['image_container_format'] || 'bare',
    min_ram: Number(facts['image_min_ram'] ?? 0),
    min_disk: Math.max(Number(facts['image_min_disk'] ?? 0), instance.flavor.root_gb),
    properties: {
      ...inherited(facts),
      image_type: type,
      ...properties,
      ...(type === 'backup' ? { image_type: type } : {}),
      instance_uuid: instance.uuid,
      user_id: caller.userId,
      ...(isOwn ? {} : { instance_owner: instance.project_id }),
    },
  };
}

function inherited(facts: Readonly<Record<string, string>>): Record<string, string> {
  const ofImage = Object.entries(facts)
    .filter(([key]) => key.startsWith(IMAGE_PREFIX))
    .map(([key, value]) => [key.slice(IMAGE_PREFIX.length), value] as const)
    .filter(([key]) => !ATTRIBUTES.has(key) && !NOT_INHERITED.has(key));
  const ofBoot = OF_THE_BOOT.map((key) => [key, facts[key]] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...ofImage, ...ofBoot]) as Record<string, string>;
}
