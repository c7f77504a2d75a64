import type { JsonSchema } from '@kilonova/http';
import { NAME_PATTERN } from '../../../model/names.js';
import { patternObject, strictObject, text } from '../common.js';

/** Answers write uuids in one way: small letters with dashes. */
export const UUID_KEY = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** An object that has all of these keys and no other. */
export const whole = (properties: Readonly<Record<string, JsonSchema>>, more: JsonSchema = {}): JsonSchema =>
  strictObject(properties, Object.keys(properties), more);

/** Things of providers or consumers. */
export const byUuid = (schema: JsonSchema, more: JsonSchema = {}): JsonSchema => patternObject({ [UUID_KEY]: schema }, more);

/** Things of resource classes. */
export const byClass = (schema: JsonSchema): JsonSchema => patternObject({ [NAME_PATTERN]: schema });

/** A list in which nothing is twice. */
export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items, uniqueItems: true });

/** Links of exactly these relations. */
export const links = (...rels: readonly string[]): JsonSchema => ({
  ...listOf(whole({ rel: { type: 'string', enum: rels }, href: text })),
  minItems: rels.length,
  maxItems: rels.length,
});

/** Amounts in use and generations: none is below nothing. */
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const providerGeneration = { resource_provider_generation: count };
export const uuidOrNull: JsonSchema = { type: ['string', 'null'], format: 'uuid' };
