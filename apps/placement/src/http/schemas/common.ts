import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { CUSTOM_NAME_PATTERN, NAME_MAX_LENGTH, NAME_PATTERN } from '../../model/names.js';

type Properties = Readonly<Record<string, JsonSchema>>;

/** An object that has no other keys than these. */
export const strictObject = (properties: Properties, required: readonly string[] = [], more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
  ...more,
});

/** An object whose keys match one of the patterns, beside the properties that are named. */
export const patternObject = (patternProperties: Properties, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  patternProperties,
  additionalProperties: false,
  ...more,
});

export const text: JsonSchema = { type: 'string' };
export const uuid: JsonSchema = { type: 'string', format: 'uuid' };
export const generation: JsonSchema = { type: 'integer' };
export const className: JsonSchema = { type: 'string', pattern: NAME_PATTERN, maxLength: NAME_MAX_LENGTH };
export const customName: JsonSchema = { type: 'string', pattern: CUSTOM_NAME_PATTERN, minLength: 1, maxLength: NAME_MAX_LENGTH };

/** A query parameter that is a string, whatever its finer form: the parsers say more than a pattern could. */
export const textQuery = (...names: string[]): Properties => Object.fromEntries(names.map((name) => [name, text]));

/** A body must be there; what it holds is for the controller to check. */
export const anything: readonly SchemaVersion[] = [{ schema: {} }];
