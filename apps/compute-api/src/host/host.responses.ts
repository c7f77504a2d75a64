import { type Answers, byKey, either, fields, goneSince, list, maybe, type Part, replacedAt, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import * as piece from '../common/response-pieces.js';

const { bool, count, integer, micros, microsOrNull, next, orNull, shown, silent, text, textOrNull, uuid, word } = piece;

const id = replacedAt(Since.uuidIds, integer, uuid);
const UP = word('up', 'down');
const ENABLED = word('enabled', 'disabled');

const service = fields({
  binary: text,
  host: text,
  id,
  zone: text,
  status: ENABLED,
  state: UP,
  updated_at: microsOrNull,
  disabled_reason: textOrNull,
  forced_down: since(Since.forcedDown, bool),
});
const unknownService = fields({ binary: text, host: text, status: word('UNKNOWN') });
const changedService = fields({
  host: text,
  binary: text,
  status: maybe(ENABLED),
  disabled_reason: maybe(text),
  forced_down: since(Since.forcedDown, maybe(bool)),
});

const used = (schema: Part) => goneSince(Since.hypervisorUptime, schema);
const summary = { id, hypervisor_hostname: text, state: UP, status: ENABLED };
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

const created = {
  id: count,
  uuid: since(Since.aggregateUuid, uuid),
  name: text,
  created_at: micros,
  updated_at: microsOrNull,
  deleted_at: piece.nil,
  deleted: bool,
  availability_zone: textOrNull,
};
const aggregate = fields({ ...created, hosts: list(text), metadata: byKey(text) });
const oneAggregate = fields({ aggregate });

const zone = (hosts: Part) =>
  fields({
    availabilityZoneInfo: list(fields({ zoneName: text, zoneState: fields({ available: bool }), hosts })),
  });
const serviceState = fields({ available: bool, active: bool, updated_at: microsOrNull });
const resource = fields({
  resource: fields({ host: text, project: text, cpu: count, memory_mb: count, disk_gb: count }),
});

export const hostAnswers: Answers = {
  'GET /os-services': shown(
    'The services of the control plane and the hosts.',
    fields({ services: list(replacedAt(Since.downCells, service, either(service, unknownService))) }),
  ),
  'PUT /os-services/:id': shown(
    'The service as it is now.',
    fields({ service: replacedAt(Since.uuidIds, changedService, service) }),
  ),
  'DELETE /os-services/:id': silent(204, 'The service is forgotten.'),
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
  'GET /os-aggregates': shown('The host aggregates.', fields({ aggregates: list(aggregate) })),
  'POST /os-aggregates': shown('The aggregate was made.', fields({ aggregate: fields(created) })),
  'GET /os-aggregates/:id': shown('An aggregate.', oneAggregate),
  'PUT /os-aggregates/:id': shown('The aggregate as it is now.', oneAggregate),
  'DELETE /os-aggregates/:id': silent(200, 'The aggregate is gone.'),
  'POST /os-aggregates/:id/action add_host': shown('The aggregate as it is now.', oneAggregate),
  'POST /os-aggregates/:id/action remove_host': shown('The aggregate as it is now.', oneAggregate),
  'POST /os-aggregates/:id/action set_metadata': shown('The aggregate as it is now.', oneAggregate),
  'GET /os-availability-zone': shown('The zones that servers may be put in.', zone(piece.nil)),
  'GET /os-availability-zone/detail': shown(
    'Every zone, with the services on its hosts.',
    zone(either(piece.nil, byKey(byKey(serviceState)))),
  ),
  'GET /os-hosts': shown(
    'Hosts and their services.',
    fields({ hosts: list(fields({ host_name: text, service: text, zone: text })) }),
  ),
  'GET /os-hosts/:id': shown('What a host has, and what is used of it.', fields({ host: list(resource) })),
  'PUT /os-hosts/:id': shown('The host as it is now.', fields({ host: text, status: ENABLED })),
  'GET /os-hosts/:id/startup': piece.never,
  'GET /os-hosts/:id/shutdown': piece.never,
  'GET /os-hosts/:id/reboot': piece.never,
};
