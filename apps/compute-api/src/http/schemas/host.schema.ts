import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { object, queryText } from './kit.js';
import { many } from './parameter-types.js';

const onOff: JsonSchema = { type: 'string', enum: ['enable', 'disable', 'Enable', 'Disable', 'ENABLE', 'DISABLE'] };

export const updateHost: readonly SchemaVersion[] = [
  { schema: { ...object({ status: onOff, maintenance_mode: onOff }), minProperties: 1 } },
];
export const listHosts: readonly SchemaVersion[] = [{ schema: { type: 'object', properties: { zone: many(queryText) } } }];
