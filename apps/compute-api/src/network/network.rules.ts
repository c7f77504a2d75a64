import { READER, rule } from '../common/base.rules.js';

export const networkRules = [
  rule('os_compute_api:os-networks:list', READER, 'List networks.', 'GET /os-networks'),
  rule('os_compute_api:os-networks:show', READER, 'Show networks.', 'GET /os-networks/{id}'),
  rule('os_compute_api:os-tenant-networks:list', READER, "List the project's networks.", 'GET /os-tenant-networks'),
  rule('os_compute_api:os-tenant-networks:show', READER, "Show the project's networks.", 'GET /os-tenant-networks/{id}'),
];
