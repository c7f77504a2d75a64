import { callMessage, castMessage, resultOf, schema } from '@kilonova/util';
import type { CacheImages, CacheImagesOnHost, ImageCacheResults } from './image.args.js';

const { integer, list, nameText, object, optional, uuid } = schema;

const imageIds = { ...list(uuid, 4_096), minItems: 1 };

/** Something is to be done about images of this server; what, is in its cell. */
export interface TendImages {
  readonly instance_uuid: string;
}

/** Cell → super conductor: images of a server have become too many, or nobody's. */
export const tendImages = castMessage({
  name: 'tend_images',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<TendImages>({ instance_uuid: uuid }),
});

/** API → super conductor, and from there to itself until all hosts were asked: the hosts of an aggregate fetch images beforehand. */
export const cacheImages = castMessage({
  name: 'cache_images',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<CacheImages>({
    aggregate_id: integer(1),
    image_ids: imageIds,
    so_far: optional(object({ after: nameText(), asked: integer(0), total: integer(0) })),
  }),
});

/** Super conductor → agent: the images that guests of a host may be made of soon. */
export const cacheImagesOnHost = callMessage({
  name: 'cache_images',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<CacheImagesOnHost>({ host: nameText(), image_ids: imageIds }),
  result: resultOf<ImageCacheResults>(),
});
