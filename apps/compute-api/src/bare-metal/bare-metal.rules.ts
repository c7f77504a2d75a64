import { ADMIN, rule } from '../common/base.rules.js';

export const bareMetalRules = [
  rule('os_compute_api:os-baremetal-nodes:list', ADMIN, 'List bare metal nodes.', 'GET /os-baremetal-nodes'),
  rule('os_compute_api:os-baremetal-nodes:show', ADMIN, 'Show bare metal nodes.', 'GET /os-baremetal-nodes/{id}'),
];
