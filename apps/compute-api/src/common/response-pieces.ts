import { type AnswerHeader, fields, type JsonSchema, list, type Shape, type Success, schemasOf } from '@kilonova/http';

// What responses are made of. Unlike requests they have one way of writing a thing: numbers are numbers, uuids have dashes.

export const text: JsonSchema = { type: 'string' };
export const number: JsonSchema = { type: 'number' };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const integer: JsonSchema = { type: 'integer' };
export const bool: JsonSchema = { type: 'boolean' };
export const nil: JsonSchema = { type: 'null' };
export const uuid: JsonSchema = { type: 'string', format: 'uuid' };
export const empty: JsonSchema = { type: 'object', maxProperties: 0 };
export const word = (...values: ReadonlyArray<string | number | null>): JsonSchema => ({ enum: values });
export const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, nil] });
export const textOrNull: JsonSchema = { type: ['string', 'null'] };

/** `2026-01-31T10:11:12Z` */
export const seconds: JsonSchema = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' };
/** `2026-01-31T10:11:12.000000`, as some older parts of the API write times. */
export const micros: JsonSchema = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}$' };
export const microsOrNull = orNull(micros);

const href: JsonSchema = { type: 'string', format: 'uri' };
const link = (rel: string): Shape => fields({ rel: word(rel), href });
const linkOf = (...rels: readonly string[]): JsonSchema => ({ anyOf: rels.map((rel) => link(rel).at(0)) });

/** Versioned and unversioned address of a thing. */
export const links = list(linkOf('self', 'bookmark'), { minItems: 2, maxItems: 2 });
export const bookmark = list(linkOf('bookmark'), { minItems: 1, maxItems: 1 });
/** To the next page of a list. */
export const next = list(link('next'), { minItems: 1, maxItems: 1 });
/** The absolute address of what was made. */
export const location: AnswerHeader = { description: 'Where it is.', required: true, schema: href };

type Body = Shape | JsonSchema;

/** A success with a body. */
export const answer = (status: Success['status'], description: string, body: Body, more: Partial<Success> = {}): Success => ({
  status,
  description,
  body: schemasOf(body),
  ...more,
});

export const shown = (description: string, body: Body): readonly Success[] => [answer(200, description, body)];

/** A success without a body. */
export const silent = (status: Success['status'], description: string, more: Partial<Success> = {}): readonly Success[] => [
  { status, description, ...more },
];

/** It is there for clients that ask, and refuses: what it would need is no part of this cloud. */
export const never: readonly Success[] = [];

/** A list of things that belong to a service which is no part of this cloud. */
export const noneYet = list({ type: 'object' }, { maxItems: 0 });
