import type { SchemaVersion } from '@kilonova/http';
import { anyText, boolean, digits, many, once, text255 } from './parameter-types.js';

const paging = { limit: many(digits), marker: many(anyText) };
const withServers = once(boolean);

export const listHypervisors: readonly SchemaVersion[] = [
  {
    min: '2.53',
    schema: {
      type: 'object',
      properties: { limit: once(digits), marker: once(anyText), hypervisor_hostname_pattern: once(text255), with_servers: withServers },
      additionalProperties: false,
    },
  },
  { min: '2.33', schema: { type: 'object', properties: paging } },
  { schema: { type: 'object' } },
];

export const showHypervisor: readonly SchemaVersion[] = [
  { min: '2.53', schema: { type: 'object', properties: { with_servers: withServers }, additionalProperties: false } },
  { schema: { type: 'object' } },
];
