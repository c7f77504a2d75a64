// What key pairs, flavors, hosts and the like add to the kit: upstream's limits of their values, and queries of which a
// parameter may be given several times, or once only.
import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { int, text } from './schema-kit.js';

/** The greatest integer that the API takes. */
export const MAX_INT = 0x7fffffff;

export const positiveInt: JsonSchema = int(1, MAX_INT);
export const nonNegativeInt: JsonSchema = int(0, MAX_INT);
/** -1 stands for no limit. */
export const limitInt: JsonSchema = int(-1, MAX_INT);

/** A name without the punctuation that zones must not hold. */
export const zoneName: JsonSchema = { ...text(1), format: 'az_name' };
export const projectId: JsonSchema = { ...text(1), pattern: '^[a-zA-Z0-9-]*$' };

/** A query parameter that may be given several times. */
export const many = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
/** A query parameter that may be given once. */
export const once = (items: JsonSchema): JsonSchema => ({ type: 'array', items, maxItems: 1 });

/** Digits, in a query. */
export const digits: JsonSchema = { ...text(1, 10), pattern: '^[0-9]*$' };

/** A query with these parameters; others are ignored until `strictFrom`, and refused from there on. */
export const query = (properties: Readonly<Record<string, JsonSchema>>, strictFrom: string): readonly SchemaVersion[] => [
  { min: strictFrom, schema: { type: 'object', properties, additionalProperties: false } },
  { schema: { type: 'object', properties, additionalProperties: true } },
];

/** A query that names no parameters: all are ignored until 2.102. */
export const noQuery = query({}, '2.102');
