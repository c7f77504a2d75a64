import { ADMIN, rule } from '../common/base.rules.js';

export const hostsRules = [
  rule('os_compute_api:os-hosts:list', ADMIN, 'List hosts.', 'GET /os-hosts'),
  rule('os_compute_api:os-hosts:reboot', ADMIN, 'Reboot hosts.', 'GET /os-hosts/{id}/reboot'),
  rule('os_compute_api:os-hosts:show', ADMIN, 'Show hosts.', 'GET /os-hosts/{id}'),
  rule('os_compute_api:os-hosts:shutdown', ADMIN, 'Shutdown hosts.', 'GET /os-hosts/{id}/shutdown'),
  rule('os_compute_api:os-hosts:start', ADMIN, 'Start hosts.', 'GET /os-hosts/{id}/startup'),
  rule('os_compute_api:os-hosts:update', ADMIN, 'Change hosts.', 'PUT /os-hosts/{id}'),
];
