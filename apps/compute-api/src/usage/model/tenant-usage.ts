import type { Period } from './audit-time.js';

/** A server that was there in a period, alive or not. Memory in MiB, disk in GiB. */
export interface UsedServer {
  readonly uuid: string;
  readonly name: string;
  readonly project_id: string;
  readonly vm_state: string;
  readonly flavor: string;
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly local_gb: number;
  readonly launched_at: Date;
  readonly terminated_at: Date | null;
}

export interface ServerUsage {
  readonly server: UsedServer;
  /** Within the period. */
  readonly hours: number;
  /** Seconds since it was launched, or until it ended; periods do not matter. */
  readonly uptime: number;
}

export interface TenantUsage {
  readonly projectId: string;
  readonly servers: readonly ServerUsage[];
  readonly hours: number;
  readonly vcpuHours: number;
  readonly memoryMbHours: number;
  readonly localGbHours: number;
}

const HOUR = 3_600_000;

/** Hours that a server was there in a period; the future does not count. */
export function hoursIn(server: Pick<UsedServer, 'launched_at' | 'terminated_at'>, period: Period, now: Date): number {
  const from = Math.max(server.launched_at.getTime(), period.from.getTime());
  const until = Math.min(server.terminated_at?.getTime() ?? now.getTime(), period.until.getTime(), now.getTime());
  return Math.max(0, until - from) / HOUR;
}

function usageOf(server: UsedServer, period: Period, now: Date): ServerUsage {
  const end = server.terminated_at ?? now;
  return {
    server,
    hours: hoursIn(server, period, now),
    uptime: Math.max(0, Math.floor((end.getTime() - server.launched_at.getTime()) / 1000)),
  };
}

/** Usage by project, in the order in which projects first appear. */
export function tenantUsages(servers: readonly UsedServer[], period: Period, now: Date): TenantUsage[] {
  const byProject = new Map<string, ServerUsage[]>();
  for (const server of servers) {
    const usages = byProject.get(server.project_id) ?? [];
    usages.push(usageOf(server, period, now));
    byProject.set(server.project_id, usages);
  }
  return [...byProject].map(([projectId, usages]) => {
    const sum = (weight: (server: UsedServer) => number): number =>
      usages.reduce((total, { server, hours }) => total + hours * weight(server), 0);
    return {
      projectId,
      servers: usages,
      hours: sum(() => 1),
      vcpuHours: sum((server) => server.vcpus),
      memoryMbHours: sum((server) => server.memory_mb),
      localGbHours: sum((server) => server.local_gb),
    };
  });
}
