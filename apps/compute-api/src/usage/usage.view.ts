import { pythonFloat } from '@kilonova/http';
import { utcMicros } from '../common/time.js';
import type { Period } from './model/audit-time.js';
import type { ServerUsage, TenantUsage } from './model/tenant-usage.js';

const serverUsage = ({ server, hours, uptime }: ServerUsage): Record<string, unknown> => ({
  hours: pythonFloat(hours),
  flavor: server.flavor,
  instance_id: server.uuid,
  name: server.name,
  tenant_id: server.project_id,
  memory_mb: server.memory_mb,
  local_gb: server.local_gb,
  vcpus: server.vcpus,
  started_at: utcMicros(server.launched_at),
  ended_at: utcMicros(server.terminated_at),
  state: server.terminated_at === null ? server.vm_state : 'terminated',
  uptime,
});

/** A project's usage; `detailed` adds each server's. */
export const tenantUsageView = (usage: TenantUsage, period: Period, detailed: boolean): Record<string, unknown> => ({
  tenant_id: usage.projectId,
  ...(detailed ? { server_usages: usage.servers.map(serverUsage) } : {}),
  total_local_gb_usage: pythonFloat(usage.localGbHours),
  total_vcpus_usage: pythonFloat(usage.vcpuHours),
  total_memory_mb_usage: pythonFloat(usage.memoryMbHours),
  total_hours: pythonFloat(usage.hours),
  start: utcMicros(period.from),
  stop: utcMicros(period.until),
});
