import type { JsonSchema, SchemaVersion } from '@kilonova/http';

/** Building blocks of request schemas, and a way to say "the same, but from 2.19 on with …". */
type Properties = Readonly<Record<string, JsonSchema>>;

export const object = (properties: Properties, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** Unknown keys pass. */
export const openObject = (properties: Properties, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
});

/** `{"server": {…}}`: one key, and nothing beside it. */
export const wrapped = (key: string, inner: JsonSchema): JsonSchema => object({ [key]: inner }, [key]);

export const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
export const listOf = (items: JsonSchema, extra: JsonSchema = {}): JsonSchema => ({ type: 'array', items, ...extra });
export const oneOf = (...values: readonly unknown[]): JsonSchema => ({ enum: values });

export const anything: JsonSchema = {};
export const nothing: JsonSchema = { type: 'null' };
export const text = (minLength = 0, maxLength = 255): JsonSchema => ({ type: 'string', minLength, maxLength });
export const uuid: JsonSchema = { type: 'string', format: 'uuid' };
export const ipv4: JsonSchema = { type: 'string', format: 'ipv4' };
export const ipv6: JsonSchema = { type: 'string', format: 'ipv6' };
export const base64: JsonSchema = { type: 'string', format: 'base64' };

/** Printable, no blanks at either end. */
export const name: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, format: 'name' };
/** A host's or a hypervisor's name. */
export const hostname: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9-._]*$' };
export const zone: JsonSchema = { ...name };
/** By which a guest recognizes a device. */
export const deviceTag: JsonSchema = { type: 'string', minLength: 1, maxLength: 60, pattern: '^[^,/]*$' };

const WORDS = ['True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', 'y', 't'];
const NO_WORDS = ['False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no', 'n', 'f'];
export const bool: JsonSchema = { type: ['boolean', 'string'], enum: [true, ...WORDS, false, ...NO_WORDS] };

/** A whole number, also as text. */
export const int = (minimum: number, maximum?: number): JsonSchema => ({
  type: ['integer', 'string'],
  pattern: minimum < 0 ? '^-?[0-9]+$' : minimum > 0 ? '^0*[1-9][0-9]*$' : '^[0-9]+$',
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
  minLength: 1,
});

/** Metadata: keys of 1 to 255 harmless characters, texts of up to 255. */
export const metadata: JsonSchema = {
  type: 'object',
  patternProperties: { '^[a-zA-Z0-9-_:. ]{1,255}$': text() },
  additionalProperties: false,
};

/**
 * One schema for each span of microversions: `[first version, schema]` in ascending order. A schema ends where the next
 * begins.
 */
export const versions = (...entries: ReadonlyArray<readonly [from: string, schema: JsonSchema]>): readonly SchemaVersion[] =>
  entries.map(([min, schema], index) => {
    const next = entries[index + 1]?.[0];
    return next === undefined ? { min, schema } : { min, max: before(next), schema };
  });

/** The same for who asks for Kilonova's own extensions, from this version of theirs on; to be put before what others get. */
export const extended = (extension: string, schemas: readonly SchemaVersion[]): readonly SchemaVersion[] =>
  schemas.map((each) => ({ ...each, extension }));

/** The schema holds at every version. */
export const always = (schema: JsonSchema): readonly SchemaVersion[] => [{ schema }];

const before = (version: string): string => {
  const [major, minor] = version.split('.');
  return `${major}.${Number(minor) - 1}`;
};

type QueryKeys = Readonly<Record<string, JsonSchema>>;

/** A query in which every parameter may stand several times. Unknown ones pass unless `closed`. */
export const query = (keys: QueryKeys, closed = false): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(keys).map(([key, schema]) => [key, { type: 'array', items: schema }])),
  additionalProperties: !closed,
});

/** As it comes in a query: digits only. */
export const queryInt: JsonSchema = { type: 'string', pattern: '^[0-9]+$' };
export const queryText: JsonSchema = { type: 'string' };
export const queryTime: JsonSchema = { type: 'string', format: 'date-time' };
export const paging = { limit: queryInt, marker: queryText } as const;
