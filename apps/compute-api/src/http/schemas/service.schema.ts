import type { SchemaVersion } from '@kilonova/http';
import { anyText, boolean, exactly, hostName, many, query, text255 } from './parameter-types.js';

const named = { host: hostName, binary: text255, disabled_reason: text255 };

/** Up to 2.52 the URL names what to do and the body names the service. */
export const actOnService: readonly SchemaVersion[] = [
  { min: '2.11', schema: exactly({ ...named, forced_down: boolean }, ['host', 'binary']) },
  { schema: exactly(named, ['host', 'binary']) },
];

export const updateService: readonly SchemaVersion[] = [
  { schema: exactly({ status: { type: 'string', enum: ['enabled', 'disabled'] }, disabled_reason: text255, forced_down: boolean }) },
];

export const listServices: readonly SchemaVersion[] = query({ host: many(anyText), binary: many(anyText) }, '2.75');
