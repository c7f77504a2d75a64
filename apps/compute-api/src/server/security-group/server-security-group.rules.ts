import { MEMBER, READER, rule } from '../../common/base.rules.js';

export const serverSecurityGroupRules = [
  rule(
    'os_compute_api:os-security-groups:add',
    MEMBER,
    'Do `addSecurityGroup` with a server.',
    'POST /servers/{id}/action (addSecurityGroup)',
  ),
  rule('os_compute_api:os-security-groups:list', READER, 'List security groups.', 'GET /servers/{server_id}/os-security-groups'),
  rule(
    'os_compute_api:os-security-groups:remove',
    MEMBER,
    'Do `removeSecurityGroup` with a server.',
    'POST /servers/{id}/action (removeSecurityGroup)',
  ),
];
