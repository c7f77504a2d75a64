import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { strictObject, text, textQuery } from './common.js';

/** Suffixes of request groups: numbers at first, words of their own from 1.33. */
const NUMBER_SUFFIX = '([1-9][0-9]*)?';
const TEXT_SUFFIX = '([a-zA-Z0-9_-]{1,64})?';

const limit = { limit: { type: ['integer', 'string'], pattern: '^[1-9][0-9]*$', minimum: 1, minLength: 1 } };
const groupPolicy = { group_policy: { type: 'string', enum: ['none', 'isolate'] } };

/** One group: parameters without suffix, resources required. */
const single = (...names: string[]): JsonSchema =>
  strictObject({ resources: text, ...limit, ...textQuery(...names) }, ['resources']);

/** Several groups: the same parameters with and without suffix. */
const granular = (suffix: string, names: readonly string[], more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema => ({
  type: 'object',
  properties: { ...limit, ...groupPolicy, ...more },
  patternProperties: Object.fromEntries(names.map((name) => [`^${name}${suffix}$`, text])),
  additionalProperties: false,
});

const grouped = ['resources', 'required', 'member_of'];
const treed = [...grouped, 'in_tree'];

export const listCandidates: readonly SchemaVersion[] = [
  { min: '1.10', max: '1.15', schema: strictObject({ resources: text }, ['resources']) },
  { min: '1.16', max: '1.16', schema: single() },
  { min: '1.17', max: '1.20', schema: single('required') },
  { min: '1.21', max: '1.24', schema: single('required', 'member_of') },
  { min: '1.25', max: '1.30', schema: granular(NUMBER_SUFFIX, grouped) },
  { min: '1.31', max: '1.32', schema: granular(NUMBER_SUFFIX, treed) },
  { min: '1.33', max: '1.34', schema: granular(TEXT_SUFFIX, treed) },
  { min: '1.35', max: '1.35', schema: granular(TEXT_SUFFIX, treed, { root_required: text }) },
  { min: '1.36', schema: granular(TEXT_SUFFIX, treed, { root_required: text, same_subtree: text }) },
];
