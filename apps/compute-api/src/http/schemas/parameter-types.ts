// The parts that bodies and queries are made of, with upstream's limits: integers may come as digits in a text, truth
// values as words, names neither begin nor end with a blank.
import type { JsonSchema, SchemaVersion } from '@kilonova/http';

/** The greatest integer that the API takes. */
export const MAX_INT = 0x7fffffff;

export const positiveInt: JsonSchema = { type: ['integer', 'string'], pattern: '^0*[1-9][0-9]*$', minLength: 1, minimum: 1, maximum: MAX_INT };
export const nonNegativeInt: JsonSchema = { type: ['integer', 'string'], pattern: '^[0-9]+$', minLength: 1, minimum: 0, maximum: MAX_INT };
/** -1 stands for no limit. */
export const limitInt: JsonSchema = { type: ['integer', 'string'], pattern: '^-?[0-9]+$', minLength: 1, maxLength: 11, minimum: -1, maximum: MAX_INT };

export const boolean: JsonSchema = {
  type: ['boolean', 'string'],
  enum: [true, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', 'y', 't']
    .concat([false, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no', 'n', 'f'] as never[]),
};

const NAME_PATTERN = '^(?![\\s])[^\\u0000-\\u001f\\u007f-\\u009f]*(?<![\\s])$';

export const name: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, pattern: NAME_PATTERN };
/** A name without the punctuation that zones must not hold. */
export const zoneName: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, pattern: '^(?![\\s])[^:\\u0000-\\u001f\\u007f-\\u009f]*(?<![\\s])$' };
export const hostName: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9-._]*$' };
export const text255: JsonSchema = { type: 'string', minLength: 1, maxLength: 255 };
export const projectId: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9-]*$' };

/** An object of these keys and no others. */
export const exactly = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** A body `{key: inner}`, as most are. */
export const wrapped = (key: string, inner: JsonSchema): JsonSchema => exactly({ [key]: inner }, [key]);

/** A query parameter that may be given several times. */
export const many = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
/** A query parameter that may be given once. */
export const once = (items: JsonSchema): JsonSchema => ({ type: 'array', items, maxItems: 1 });

export const anyText: JsonSchema = { type: 'string' };
export const digits: JsonSchema = { type: 'string', pattern: '^[0-9]*$', minLength: 1, maxLength: 10 };

/** A query with these parameters; others are ignored until `strictFrom`, and refused from there on. */
export const query = (properties: Readonly<Record<string, JsonSchema>>, strictFrom: string): readonly SchemaVersion[] => [
  { min: strictFrom, schema: { type: 'object', properties, additionalProperties: false } },
  { schema: { type: 'object', properties, additionalProperties: true } },
];

/** A query that names no parameters: all are ignored until 2.102. */
export const noQuery = query({}, '2.102');
