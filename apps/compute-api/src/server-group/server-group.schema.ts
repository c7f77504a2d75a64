import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { digits, many, positiveInt, query } from '../common/parameter-types.js';
import { name, object, queryText, wrapped } from '../common/schema-kit.js';

const HARD = ['anti-affinity', 'affinity'];
const ALL = [...HARD, 'soft-anti-affinity', 'soft-affinity'];

const group = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema =>
  wrapped('server_group', object(properties, required));
const policies = (values: readonly string[]): JsonSchema => ({
  type: 'array',
  items: { enum: values },
  uniqueItems: true,
  minItems: 1,
  maxItems: 1,
});

export const createServerGroup: readonly SchemaVersion[] = [
  {
    min: '2.64',
    schema: group({ name, policy: { type: 'string', enum: ALL }, rules: object({ max_server_per_host: positiveInt }) }, [
      'name',
      'policy',
    ]),
  },
  { min: '2.15', schema: group({ name, policies: policies(ALL) }, ['name', 'policies']) },
  { schema: group({ name, policies: policies(HARD) }, ['name', 'policies']) },
];

export const listServerGroups: readonly SchemaVersion[] = query(
  { all_projects: many(queryText), limit: many(digits), offset: many(digits) },
  '2.75',
);
