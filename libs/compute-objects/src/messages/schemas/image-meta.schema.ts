import { schema } from '@kilonova/util';
import type { ImageMeta } from '../../image-meta.js';

const { dictionary, integer, nullable, object, text } = schema;

export const imageMetaSchema = object<ImageMeta>({
  id: nullable(text()),
  name: nullable(text()),
  status: nullable(text()),
  owner: nullable(text()),
  disk_format: nullable(text()),
  container_format: nullable(text()),
  checksum: nullable(text()),
  size: nullable(integer()),
  min_ram: integer(),
  min_disk: integer(),
  created_at: nullable(text()),
  updated_at: nullable(text()),
  properties: dictionary(text(65_535)),
});
