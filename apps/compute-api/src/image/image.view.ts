import type { ImageInfo } from '@kilonova/image-client';
import { bookmark, type LinkBase, links } from '../common/links.js';
import { utcSeconds } from '../common/time.js';
import { imageProgress, imageStatus } from './model/image-query.js';

type Fields = Record<string, unknown>;

const imageLinks = (base: LinkBase, imageUrl: string, id: string): readonly unknown[] => [
  ...links(base, 'images', id),
  { rel: 'alternate', type: 'application/vnd.openstack.image', href: `${imageUrl.replace(/\/$/, '')}/images/${id}` },
];

/** An entry of the plain list. */
export const imageBrief = (image: ImageInfo, base: LinkBase, imageUrl: string): Fields => ({
  id: image.id,
  name: image.name,
  links: imageLinks(base, imageUrl, image.id),
});

/** The whole document. */
export function imageView(image: ImageInfo, base: LinkBase, imageUrl: string): Fields {
  const server = image.properties['instance_uuid'];
  const automatic = image.properties['auto_disk_config'];
  return {
    id: image.id,
    name: image.name,
    minRam: image.min_ram,
    minDisk: image.min_disk,
    metadata: image.properties,
    created: timeOf(image.created_at),
    updated: timeOf(image.updated_at),
    status: imageStatus(image.status),
    progress: imageProgress(image.status),
    'OS-EXT-IMG-SIZE:size': image.size ?? 0,
    links: imageLinks(base, imageUrl, image.id),
    ...(server === undefined
      ? {}
      : {
          server: {
            id: server,
            links: [{ rel: 'self', href: `${base.versioned}/servers/${server}` }, bookmark(base, 'servers', server)],
          },
        }),
    ...(automatic === undefined ? {} : { 'OS-DCF:diskConfig': automatic === 'True' ? 'AUTO' : 'MANUAL' }),
  };
}

const timeOf = (time: string | null): string | null => (time === null ? null : utcSeconds(time));
