import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { zoneName } from '../common/parameter-types.js';
import { hostname, listOf, name, object, uuid, wrapped } from '../common/schema-kit.js';

const availability_zone: JsonSchema = { ...zoneName, type: ['string', 'null'] };
const KEY = '^[a-zA-Z0-9-_:. ]{1,255}$';

const always = (schema: JsonSchema): readonly SchemaVersion[] => [{ schema }];

export const createAggregate = always(wrapped('aggregate', object({ name, availability_zone }, ['name'])));
export const updateAggregate = always(wrapped('aggregate', { ...object({ name, availability_zone }), minProperties: 1 }));
export const addHost = always(wrapped('add_host', object({ host: hostname }, ['host'])));
export const removeHost = always(wrapped('remove_host', object({ host: hostname }, ['host'])));
export const setMetadata = always(
  wrapped(
    'set_metadata',
    object(
      {
        metadata: {
          type: 'object',
          patternProperties: { [KEY]: { type: ['string', 'null'], maxLength: 255 } },
          additionalProperties: false,
        },
      },
      ['metadata'],
    ),
  ),
);
export const cacheImages = always(wrapped('cache', listOf(object({ id: uuid }, ['id']), { minItems: 1 })));
