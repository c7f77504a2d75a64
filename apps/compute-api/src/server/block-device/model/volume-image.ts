import type { ImageMeta } from '@kilonova/compute-objects';
import type { Volume } from '@kilonova/volume-client';

const GIB = 1024 ** 3;

/** What of an image's metadata is an attribute of the image, and not one of its properties. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'image_id',
  'image_name',
  'container_format',
  'disk_format',
  'size',
  'checksum',
  'min_ram',
  'min_disk',
]);

/**
 * The image behind a volume that is booted from, as far as the volume tells of it. It has no id: nothing is read of the image
 * itself. Source: Nova's metadata of bootable volumes.
 * @param size GiB
 */
export function volumeImage(volume: Volume | undefined, size: number): ImageMeta {
  const known = volume?.imageMetadata ?? {};
  return {
    id: null,
    name: known['image_name'] ?? null,
    status: 'active',
    owner: null,
    disk_format: known['disk_format'] ?? null,
    container_format: known['container_format'] ?? null,
    checksum: known['checksum'] ?? null,
    size: size * GIB,
    min_ram: Number(known['min_ram'] ?? 0),
    min_disk: Number(known['min_disk'] ?? 0),
    created_at: null,
    updated_at: null,
    properties: Object.fromEntries(Object.entries(known).filter(([key]) => !ATTRIBUTES.has(key))),
  };
}
