import { MEMBER, rule } from '../../common/base.rules.js';

export const fixedIpRules = [
  rule('os_compute_api:os-multinic:add', MEMBER, 'Do `addFixedIp` with a server.', 'POST /servers/{id}/action (addFixedIp)'),
  rule(
    'os_compute_api:os-multinic:remove',
    MEMBER,
    'Do `removeFixedIp` with a server.',
    'POST /servers/{id}/action (removeFixedIp)',
  ),
];
