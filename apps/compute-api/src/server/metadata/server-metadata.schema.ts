import { always, metadata, object } from '../../common/schema-kit.js';

/** POST merges, PUT replaces. */
export const manyMetadata = always(object({ metadata }, ['metadata']));
/** PUT of one item. */
export const oneMetadata = always(object({ meta: { ...metadata, minProperties: 1, maxProperties: 1 } }, ['meta']));
