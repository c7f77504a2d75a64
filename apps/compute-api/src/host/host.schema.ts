import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { many } from '../common/parameter-types.js';
import { object, queryText } from '../common/schema-kit.js';

const onOff: JsonSchema = { type: 'string', enum: ['enable', 'disable', 'Enable', 'Disable', 'ENABLE', 'DISABLE'] };

export const updateHost: readonly SchemaVersion[] = [
  { schema: { ...object({ status: onOff, maintenance_mode: onOff }), minProperties: 1 } },
];
export const listHosts: readonly SchemaVersion[] = [{ schema: { type: 'object', properties: { zone: many(queryText) } } }];
