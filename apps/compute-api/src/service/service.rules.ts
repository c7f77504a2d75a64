import { ADMIN, rule } from '../common/base.rules.js';

export const servicesRules = [
  rule('os_compute_api:os-services:delete', ADMIN, 'Delete services.', 'DELETE /os-services/{id}'),
  rule('os_compute_api:os-services:list', ADMIN, 'List services.', 'GET /os-services'),
  rule('os_compute_api:os-services:update', ADMIN, 'Change services.', 'PUT /os-services/{id}'),
];
