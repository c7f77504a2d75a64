import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { digits, many, once, projectId } from '../common/parameter-types.js';
import { queryText } from '../common/schema-kit.js';

const filters = {
  hidden: many(queryText),
  host: many(queryText),
  instance_uuid: many(queryText),
  source_compute: many(queryText),
  status: many(queryText),
  migration_type: many(queryText),
};
const time: JsonSchema = { type: 'string', format: 'date-time' };
const paged = {
  ...filters,
  instance_uuid: many({ type: 'string', format: 'uuid' }),
  limit: once(digits),
  marker: once(queryText),
  'changes-since': once(time),
};
const timed = { ...paged, 'changes-before': once(time) };

const strict = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

export const listMigrations: readonly SchemaVersion[] = [
  { min: '2.80', schema: strict({ ...timed, user_id: once(projectId), project_id: once(projectId) }) },
  { min: '2.66', schema: strict(timed) },
  { min: '2.59', schema: strict(paged) },
  { schema: { type: 'object', properties: filters } },
];
