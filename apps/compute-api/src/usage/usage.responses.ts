import { type Answers, either, fields, list, maybe, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { count, empty, micros, microsOrNull, next, number, shown, text, uuid } from '../common/response-pieces.js';

const server = fields({
  hours: number,
  flavor: text,
  instance_id: uuid,
  name: text,
  tenant_id: text,
  memory_mb: count,
  local_gb: count,
  vcpus: count,
  started_at: micros,
  ended_at: microsOrNull,
  state: text,
  uptime: count,
});
const usage = {
  tenant_id: text,
  total_local_gb_usage: number,
  total_vcpus_usage: number,
  total_memory_mb_usage: number,
  total_hours: number,
  start: micros,
  stop: micros,
};
const detailedUsage = fields({ ...usage, server_usages: list(server) });
const auditLog = fields({
  period_beginning: text,
  period_ending: text,
  num_hosts: count,
  num_hosts_done: count,
  num_hosts_running: count,
  num_hosts_not_run: count,
  hosts_not_run: list(text),
  total_instances: count,
  total_errors: count,
  overall_status: text,
  log: { type: 'object' },
});

export const usageAnswers: Answers = {
  'GET /os-simple-tenant-usage': shown(
    'What projects used in a time.',
    fields({
      tenant_usages: list(fields({ ...usage, server_usages: maybe(list(server)) })),
      tenant_usages_links: since(Since.usagePaging, maybe(next)),
    }),
  ),
  'GET /os-simple-tenant-usage/:id': shown(
    'What a project used in a time.',
    fields({
      tenant_usage: either(detailedUsage, empty),
      tenant_usage_links: since(Since.usagePaging, maybe(next)),
    }),
  ),
  'GET /os-instance_usage_audit_log': shown('How far the audit of usage is.', fields({ instance_usage_audit_logs: auditLog })),
  'GET /os-instance_usage_audit_log/:id': shown(
    'How far the audit was before a time.',
    fields({ instance_usage_audit_log: auditLog }),
  ),
};
