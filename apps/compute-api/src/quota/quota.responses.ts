import { type Answers, either, fields, list, maybe, type Part, type Shape, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import * as piece from '../common/response-pieces.js';
import { absoluteLimits } from '../limits/limits.view.js';
import { classResourcesAt, resourcesAt } from './model/quota-resources.js';

const { count, integer, micros, microsOrNull, next, number, shown, silent, text, uuid } = piece;

/** An object with a number, or something made of numbers, for each name that a version has. */
const byName = (
  names: (version: number) => readonly string[],
  value: Part = integer,
  more: Readonly<Record<string, Part>> = {},
): Shape => ({
  cuts: [Since.noProxies, Since.noImageMetadata, Since.quotaClassGroups, Since.noInjectedFiles],
  at: (version) => fields({ ...more, ...Object.fromEntries(names(version).map((name) => [name, value])) }).at(version),
});
const id = { id: text };
const detail = fields({ limit: integer, in_use: count, reserved: count });
const limits = byName((version) => Object.keys(absoluteLimits(version, {}, {})));

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

export const projectAnswers: Answers = {
  'GET /limits': shown(
    'What a project may use, and uses.',
    fields({ limits: fields({ rate: list({}, { maxItems: 0 }), absolute: limits }) }),
  ),
  'GET /os-quota-sets/:id': shown("A project's quotas.", fields({ quota_set: byName(resourcesAt, integer, id) })),
  'GET /os-quota-sets/:id/detail': shown(
    "A project's quotas and what is used.",
    fields({ quota_set: byName(resourcesAt, detail, id) }),
  ),
  'GET /os-quota-sets/:id/defaults': shown(
    'Quotas of projects without their own.',
    fields({ quota_set: byName(resourcesAt, integer, id) }),
  ),
  'PUT /os-quota-sets/:id': shown('The quotas as they are now.', fields({ quota_set: byName(resourcesAt) })),
  'DELETE /os-quota-sets/:id': silent(202, 'The defaults hold again.'),
  'GET /os-quota-class-sets/:id': shown(
    'The quotas of a class.',
    fields({ quota_class_set: byName(classResourcesAt, integer, id) }),
  ),
  'PUT /os-quota-class-sets/:id': shown('The quotas as they are now.', fields({ quota_class_set: byName(classResourcesAt) })),
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
      tenant_usage: either(detailedUsage, piece.empty),
      tenant_usage_links: since(Since.usagePaging, maybe(next)),
    }),
  ),
  'GET /os-instance_usage_audit_log': shown('How far the audit of usage is.', fields({ instance_usage_audit_logs: auditLog })),
  'GET /os-instance_usage_audit_log/:id': shown(
    'How far the audit was before a time.',
    fields({ instance_usage_audit_log: auditLog }),
  ),
};
