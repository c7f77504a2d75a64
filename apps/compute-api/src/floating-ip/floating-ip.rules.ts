import { ANYONE, MEMBER, READER, rule } from '../common/base.rules.js';

export const floatingIpRules = [
  rule('os_compute_api:os-floating-ip-pools', ANYONE, 'List pools of floating addresses.', 'GET /os-floating-ip-pools'),
  rule('os_compute_api:os-floating-ips:create', MEMBER, 'Create floating addresses.', 'POST /os-floating-ips'),
  rule('os_compute_api:os-floating-ips:delete', MEMBER, 'Delete floating addresses.', 'DELETE /os-floating-ips/{id}'),
  rule('os_compute_api:os-floating-ips:list', READER, 'List floating addresses.', 'GET /os-floating-ips'),
  rule('os_compute_api:os-floating-ips:show', READER, 'Show floating addresses.', 'GET /os-floating-ips/{id}'),
];
