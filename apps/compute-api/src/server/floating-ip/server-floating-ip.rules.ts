import { MEMBER, rule } from '../../common/base.rules.js';

export const serverFloatingIpRules = [
  rule(
    'os_compute_api:os-floating-ips:add',
    MEMBER,
    'Do `addFloatingIp` with a server.',
    'POST /servers/{id}/action (addFloatingIp)',
  ),
  rule(
    'os_compute_api:os-floating-ips:remove',
    MEMBER,
    'Do `removeFloatingIp` with a server.',
    'POST /servers/{id}/action (removeFloatingIp)',
  ),
];
