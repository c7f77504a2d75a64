import { castMessage, schema } from '@kilonova/util';

const { object, uuid } = schema;

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
