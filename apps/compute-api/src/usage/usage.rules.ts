import { ADMIN, READER, rule } from '../common/base.rules.js';

export const usageRules = [
  rule('os_compute_api:os-instance-usage-audit-log:list', ADMIN, 'List audit logs of usage.', 'GET /os-instance_usage_audit_log'),
  rule(
    'os_compute_api:os-instance-usage-audit-log:show',
    ADMIN,
    'Show audit logs of usage.',
    'GET /os-instance_usage_audit_log/{id}',
  ),
  rule('os_compute_api:os-simple-tenant-usage:list', ADMIN, 'List usage of projects.', 'GET /os-simple-tenant-usage'),
  rule('os_compute_api:os-simple-tenant-usage:show', READER, 'Show usage of projects.', 'GET /os-simple-tenant-usage/{id}'),
];
