import type { SchemaVersion } from '@kilonova/http';
import { many, query } from '../common/parameter-types.js';
import { bool, hostname, object, queryText, text } from '../common/schema-kit.js';

const named = { host: hostname, binary: text(1), disabled_reason: text(1) };

/** Up to 2.52 the URL names what to do and the body names the service. */
export const actOnService: readonly SchemaVersion[] = [
  { min: '2.11', schema: object({ ...named, forced_down: bool }, ['host', 'binary']) },
  { schema: object(named, ['host', 'binary']) },
];

export const updateService: readonly SchemaVersion[] = [
  { schema: object({ status: { type: 'string', enum: ['enabled', 'disabled'] }, disabled_reason: text(1), forced_down: bool }) },
];

export const listServices: readonly SchemaVersion[] = query({ host: many(queryText), binary: many(queryText) }, '2.75');
