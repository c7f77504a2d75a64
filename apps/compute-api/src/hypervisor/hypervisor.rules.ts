import { ADMIN, rule } from '../common/base.rules.js';

export const hypervisorsRules = [
  rule('os_compute_api:os-hypervisors:list', ADMIN, 'List hypervisors.', 'GET /os-hypervisors'),
  rule('os_compute_api:os-hypervisors:list-detail', ADMIN, 'List hypervisors in detail.', 'GET /os-hypervisors/detail'),
  rule('os_compute_api:os-hypervisors:search', ADMIN, 'Find hypervisors by name.', 'GET /os-hypervisors/{id}/search'),
  rule('os_compute_api:os-hypervisors:servers', ADMIN, 'List the servers of hypervisors.', 'GET /os-hypervisors/{id}/servers'),
  rule('os_compute_api:os-hypervisors:show', ADMIN, 'Show hypervisors.', 'GET /os-hypervisors/{id}'),
  rule('os_compute_api:os-hypervisors:statistics', ADMIN, 'See sums over all hypervisors.', 'GET /os-hypervisors/statistics'),
  rule('os_compute_api:os-hypervisors:uptime', ADMIN, 'See how long a hypervisor is up.', 'GET /os-hypervisors/{id}/uptime'),
];
