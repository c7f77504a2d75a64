import { ADMIN, ANYONE, READER, rule } from '../common/base.rules.js';

export const quotasRules = [
  rule('os_compute_api:os-quota-class-sets:show', ADMIN, 'Show quotas.', 'GET /os-quota-class-sets/{id}'),
  rule('os_compute_api:os-quota-class-sets:update', ADMIN, 'Change quotas.', 'PUT /os-quota-class-sets/{id}'),
  rule('os_compute_api:os-quota-sets:defaults', ANYONE, 'See the default quotas.', 'GET /os-quota-sets/{id}/defaults'),
  rule('os_compute_api:os-quota-sets:delete', ADMIN, 'Delete quotas.', 'DELETE /os-quota-sets/{id}'),
  rule('os_compute_api:os-quota-sets:detail', READER, 'List in detail quotas.', 'GET /os-quota-sets/{id}/detail'),
  rule('os_compute_api:os-quota-sets:show', READER, 'Show quotas.', 'GET /os-quota-sets/{id}'),
  rule('os_compute_api:os-quota-sets:update', ADMIN, 'Change quotas.', 'PUT /os-quota-sets/{id}'),
];
