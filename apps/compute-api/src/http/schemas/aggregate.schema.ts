import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { exactly, hostName, name, wrapped, zoneName } from './parameter-types.js';

const availability_zone: JsonSchema = { ...zoneName, type: ['string', 'null'] };
const KEY = '^[a-zA-Z0-9-_:. ]{1,255}$';

const always = (schema: JsonSchema): readonly SchemaVersion[] => [{ schema }];

export const createAggregate = always(wrapped('aggregate', exactly({ name, availability_zone }, ['name'])));
export const updateAggregate = always(wrapped('aggregate', { ...exactly({ name, availability_zone }), minProperties: 1 }));
export const addHost = always(wrapped('add_host', exactly({ host: hostName }, ['host'])));
export const removeHost = always(wrapped('remove_host', exactly({ host: hostName }, ['host'])));
export const setMetadata = always(
  wrapped(
    'set_metadata',
    exactly({ metadata: { type: 'object', patternProperties: { [KEY]: { type: ['string', 'null'], maxLength: 255 } }, additionalProperties: false } }, ['metadata']),
  ),
);
