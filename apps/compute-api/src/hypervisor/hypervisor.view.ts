import type { ComputeNodeRow } from '@kilonova/cell-db';
import type { ApiRequest } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import type { HostedServer } from '../host-directory/host-content.repository.js';
import type { LocatedNode } from '../host-directory/host-directory.service.js';
import { instanceName } from '../server/core/server.view.js';

type Shown = Record<string, unknown>;

export const hypervisorSummary = (request: ApiRequest, { node, owner, wideId }: LocatedNode): Shown => ({
  id: request.version >= Since.uuidIds ? node.uuid : wideId,
  hypervisor_hostname: node.hypervisor_hostname,
  state: owner.isUp ? 'up' : 'down',
  status: owner.service.disabled ? 'disabled' : 'enabled',
});

/** What was used; gone since 2.88. MiB and GiB. */
const usage = (node: ComputeNodeRow): Shown => ({
  vcpus: node.vcpus,
  memory_mb: node.memory_mb,
  local_gb: node.local_gb,
  vcpus_used: node.vcpus_used,
  memory_mb_used: node.memory_mb_used,
  local_gb_used: node.local_gb_used,
  free_ram_mb: node.memory_mb - node.memory_mb_used,
  free_disk_gb: node.local_gb - node.local_gb_used,
  current_workload: node.current_workload,
  running_vms: node.running_vms,
});

/** A hypervisor in full: `cpu_info` is an object since 2.28; since 2.88 its uptime is here and its usage is not. */
export function hypervisorDetail(request: ApiRequest, located: LocatedNode): Shown {
  const { node, owner } = located;
  const isNew = request.version >= Since.hypervisorUptime;
  return {
    ...hypervisorSummary(request, located),
    hypervisor_type: node.hypervisor_type,
    hypervisor_version: node.hypervisor_version,
    host_ip: node.host_ip,
    service: {
      id: request.version >= Since.uuidIds ? owner.service.uuid : owner.wideId,
      host: owner.service.host,
      disabled_reason: owner.service.disabled_reason,
    },
    ...(isNew
      ? { uptime: node.stats['uptime'] ?? null }
      : { ...usage(node), disk_available_least: node.disk_available_least, cpu_info: cpuInfo(request, node) }),
  };
}

function cpuInfo(request: ApiRequest, node: ComputeNodeRow): unknown {
  if (request.version < Since.cpuInfoObject) return node.cpu_info;
  try {
    return node.cpu_info === '' ? {} : JSON.parse(node.cpu_info);
  } catch {
    return {};
  }
}

/** The servers of a node; an empty list shows since 2.75 only. */
export function serversOf(request: ApiRequest, { node }: LocatedNode, servers: readonly HostedServer[]): Shown {
  const own = servers.filter(
    (server) => server.host === node.host && (server.node ?? node.hypervisor_hostname) === node.hypervisor_hostname,
  );
  if (own.length === 0 && request.version < Since.strictQueries) return {};
  return { servers: own.map(({ id, uuid }) => ({ name: instanceName(id), uuid })) };
}

const COUNTED = [
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
] as const;

/** The sum over all nodes whose service is enabled. */
export function statistics(nodes: readonly LocatedNode[]): Shown {
  const counted = nodes.filter(({ owner }) => !owner.service.disabled);
  const sum = (pick: (node: ComputeNodeRow) => number): number => counted.reduce((total, { node }) => total + pick(node), 0);
  return {
    count: counted.length,
    ...Object.fromEntries(COUNTED.map((field) => [field, sum((node) => usage(node)[field] as number)])),
    disk_available_least: sum((node) => node.disk_available_least ?? 0),
  };
}
