import { MEMBER, READER, rule } from '../common/base.rules.js';

export const securityGroupRules = [
  rule('os_compute_api:os-security-groups:create', MEMBER, 'Create security groups.', 'POST /os-security-groups'),
  rule('os_compute_api:os-security-groups:delete', MEMBER, 'Delete security groups.', 'DELETE /os-security-groups/{id}'),
  rule('os_compute_api:os-security-groups:get', READER, 'List security groups.', 'GET /os-security-groups'),
  rule('os_compute_api:os-security-groups:rule:create', MEMBER, 'Create security group rules.', 'POST /os-security-group-rules'),
  rule(
    'os_compute_api:os-security-groups:rule:delete',
    MEMBER,
    'Delete security group rules.',
    'DELETE /os-security-group-rules/{id}',
  ),
  rule('os_compute_api:os-security-groups:show', READER, 'Show security groups.', 'GET /os-security-groups/{id}'),
  rule('os_compute_api:os-security-groups:update', MEMBER, 'Change security groups.', 'PUT /os-security-groups/{id}'),
];
