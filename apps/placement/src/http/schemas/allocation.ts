import type { JsonSchema, SchemaVersion, VersionSpan } from '@kilonova/http';
import { MAX_INTEGER } from '../../model/inventory.js';
import { NAME_MAX_LENGTH, NAME_PATTERN } from '../../model/names.js';
import { generation, patternObject, strictObject, uuid } from './common.js';

const UUID_KEY = '^[0-9a-fA-F-]{36}$';
/** Suffixes of request groups, and "" for the group without one. */
export const MAPPING_KEY = '^([a-zA-Z0-9_-]{1,64})?$';

export const resources = patternObject(
  { [NAME_PATTERN]: { type: 'integer', minimum: 1, maximum: MAX_INTEGER } },
  { minProperties: 1 },
);

export const listed: JsonSchema = {
  type: 'array',
  minItems: 1,
  items: strictObject({ resource_provider: strictObject({ uuid }, ['uuid']), resources }, ['resource_provider', 'resources']),
};

/** By provider; the provider's generation may stand there, as GET shows it, and means nothing. */
const keyed = (more: JsonSchema = {}): JsonSchema =>
  patternObject({ [UUID_KEY]: strictObject({ generation, resources }, ['resources']) }, more);

export const externalId = { type: 'string', minLength: 1, maxLength: 255 };
const owner = { project_id: externalId, user_id: externalId };
const consumerGeneration = { consumer_generation: { type: ['integer', 'null'] } };
export const mappings = {
  mappings: patternObject({ [MAPPING_KEY]: { type: 'array', items: uuid, minItems: 1 } }, { minProperties: 1 }),
};
export const consumerType = { type: 'string', pattern: NAME_PATTERN, minLength: 1, maxLength: NAME_MAX_LENGTH };

const owned = ['allocations', 'project_id', 'user_id'];
const counted = [...owned, 'consumer_generation'];
const typed = [...counted, 'consumer_type'];

const body28 = strictObject({ allocations: keyed(), ...owner, ...consumerGeneration }, counted);
const body34 = strictObject({ allocations: keyed(), ...owner, ...consumerGeneration, ...mappings }, counted);
const body38 = strictObject(
  { allocations: keyed(), ...owner, ...consumerGeneration, ...mappings, consumer_type: consumerType },
  typed,
);

export const replaceAllocations: readonly SchemaVersion[] = [
  { max: '1.7', schema: strictObject({ allocations: listed }, ['allocations']) },
  { min: '1.8', max: '1.11', schema: strictObject({ allocations: listed, ...owner }, owned) },
  { min: '1.12', max: '1.27', schema: strictObject({ allocations: keyed({ minProperties: 1 }), ...owner }, owned) },
  { min: '1.28', max: '1.33', schema: body28 },
  { min: '1.34', max: '1.37', schema: body34 },
  { min: '1.38', schema: body38 },
];

/** Bodies of several consumers by their uuid. */
const byConsumer = (schema: JsonSchema, more: JsonSchema = {}): JsonSchema => patternObject({ [UUID_KEY]: schema }, more);
const several = (span: VersionSpan, schema: JsonSchema): SchemaVersion => ({
  ...span,
  schema: byConsumer(schema, { minProperties: 1 }),
});

export const postAllocations: readonly SchemaVersion[] = [
  several({ min: '1.13', max: '1.27' }, strictObject({ allocations: keyed(), ...owner }, owned)),
  several({ min: '1.28', max: '1.33' }, body28),
  several({ min: '1.34', max: '1.37' }, body34),
  several({ min: '1.38' }, body38),
];

/** The part of a reshape that is allocations; there may be none. */
export const reshapedAllocations = { '1.30': byConsumer(body28), '1.34': byConsumer(body34), '1.38': byConsumer(body38) };
