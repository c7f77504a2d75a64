import type { SchemaVersion } from '@kilonova/http';
import { digits, many, once } from '../common/parameter-types.js';
import { bool, queryText, text } from '../common/schema-kit.js';

const paging = { limit: many(digits), marker: many(queryText) };
const withServers = once(bool);

export const listHypervisors: readonly SchemaVersion[] = [
  {
    min: '2.53',
    schema: {
      type: 'object',
      properties: {
        limit: once(digits),
        marker: once(queryText),
        hypervisor_hostname_pattern: once(text(1)),
        with_servers: withServers,
      },
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
