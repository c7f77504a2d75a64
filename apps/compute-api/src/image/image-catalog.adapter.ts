import type { ImageMeta } from '@kilonova/compute-objects';
import type { ImageClient, ImageInfo } from '@kilonova/image-client';
import type { Ctx } from '@kilonova/util';
import { ImageCatalog } from './image-catalog.port.js';

/** Images of the image service. */
export class ImageServiceCatalog extends ImageCatalog {
  constructor(private readonly client: ImageClient) {
    super();
  }

  async find(ctx: Ctx, imageId: string): Promise<ImageMeta | undefined> {
    const image = await this.client.getImage(ctx, imageId);
    return image && imageMeta(image);
  }
}

const imageMeta = (image: ImageInfo): ImageMeta => ({
  id: image.id,
  name: image.name,
  status: image.status,
  owner: image.owner,
  disk_format: image.disk_format,
  container_format: image.container_format,
  checksum: image.checksum,
  size: image.size,
  min_ram: image.min_ram,
  min_disk: image.min_disk,
  created_at: image.created_at,
  updated_at: image.updated_at,
  properties: image.properties,
});
