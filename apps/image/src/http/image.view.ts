import type { Image } from '../model/image.js';

/** An image as the API shows it: free attributes beside its own, then links. */
export const imageView = ({ properties, ...image }: Image): Record<string, unknown> => ({
  ...properties,
  name: image.name,
  disk_format: image.disk_format,
  container_format: image.container_format,
  visibility: image.visibility,
  size: image.size,
  virtual_size: image.virtual_size,
  status: image.status,
  checksum: image.checksum,
  protected: image.protected,
  min_ram: image.min_ram,
  min_disk: image.min_disk,
  owner: image.owner,
  os_hidden: image.os_hidden,
  os_hash_algo: image.os_hash_algo,
  os_hash_value: image.os_hash_value,
  id: image.id,
  created_at: image.created_at,
  updated_at: image.updated_at,
  tags: image.tags,
  self: `/v2/images/${image.id}`,
  file: `/v2/images/${image.id}/file`,
  schema: '/v2/schemas/image',
  ...(image.size === null ? {} : { stores: 'fs' }),
});
