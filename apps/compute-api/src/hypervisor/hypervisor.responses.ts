import { type Answers, fields, goneSince, list, maybe, type Part, replacedAt, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { count, integer, next, orNull, shown, text, textOrNull, uuid, word } from '../common/response-pieces.js';

const id = replacedAt(Since.uuidIds, integer, uuid);
const used = (schema: Part) => goneSince(Since.hypervisorUptime, schema);
const summary = { id, hypervisor_hostname: text, state: word('up', 'down'), status: word('enabled', 'disabled') };
const servers = list(fields({ name: text, uuid }));
/** Asked for with `with_servers`; a list that is empty shows since 2.75. */
const withServers = { servers: since(Since.uuidIds, maybe(servers)) };
const detail = fields({
  ...summary,
  ...withServers,
  hypervisor_type: text,
  hypervisor_version: integer,
  host_ip: textOrNull,
  service: fields({ id, host: text, disabled_reason: textOrNull }),
  uptime: since(Since.hypervisorUptime, textOrNull),
  vcpus: used(count),
  memory_mb: used(count),
  local_gb: used(count),
  vcpus_used: used(count),
  memory_mb_used: used(count),
  local_gb_used: used(count),
  free_ram_mb: used(integer),
  free_disk_gb: used(integer),
  current_workload: used(orNull(count)),
  running_vms: used(orNull(count)),
  disk_available_least: used(orNull(integer)),
  cpu_info: used(replacedAt(Since.cpuInfoObject, text, { type: 'object' })),
});
const paged = (hypervisors: Part) =>
  fields({ hypervisors: list(hypervisors), hypervisors_links: since(Since.hypervisorPaging, maybe(next)) });
const COUNTED = [
  'count',
  'vcpus',
  'memory_mb',
  'local_gb',
  'vcpus_used',
  'memory_mb_used',
  'local_gb_used',
  'free_ram_mb',
  'free_disk_gb',
  'current_workload',
  'running_vms',
  'disk_available_least',
];

export const hypervisorAnswers: Answers = {
  'GET /os-hypervisors': shown('Hypervisors.', paged(fields({ ...summary, ...withServers }))),
  'GET /os-hypervisors/detail': shown('Hypervisors, in full.', paged(detail)),
  'GET /os-hypervisors/statistics': shown(
    'The sums over all hypervisors that are enabled.',
    fields({ hypervisor_statistics: fields(Object.fromEntries(COUNTED.map((name) => [name, integer]))) }),
  ),
  'GET /os-hypervisors/:id': shown('A hypervisor.', fields({ hypervisor: detail })),
  'GET /os-hypervisors/:id/uptime': shown(
    'How long a hypervisor has been up.',
    fields({ hypervisor: fields({ ...summary, uptime: text }) }),
  ),
  'GET /os-hypervisors/:id/search': shown('Hypervisors by a part of their name.', fields({ hypervisors: list(fields(summary)) })),
  'GET /os-hypervisors/:id/servers': shown(
    'Hypervisors by a part of their name, with their servers.',
    fields({ hypervisors: list(fields({ ...summary, servers: maybe(servers) })) }),
  ),
};
