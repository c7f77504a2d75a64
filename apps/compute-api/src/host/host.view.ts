import type { ProjectShare } from '../host-directory/host-content.repository.js';
import type { LocatedNode, LocatedService } from '../host-directory/host-directory.service.js';

/** One service on a host: `nova-compute` is called `compute` here. */
export const hostSummary = ({ service, zone }: LocatedService): Record<string, string> => ({
  host_name: service.host,
  service: service.binary.replace(/^nova-/, ''),
  zone,
});

const resource = (host: string, project: string, cpu: number, memory_mb: number, disk_gb: number): unknown => ({
  resource: { host, project, cpu, memory_mb, disk_gb },
});

/** What a host has, what is used of it, what its servers were sized for, and how that falls on projects. MiB and GiB. */
export function hostResources(host: string, nodes: readonly LocatedNode[], shares: readonly ProjectShare[]): unknown[] {
  const sum = <T>(items: readonly T[], pick: (item: T) => number): number => items.reduce((total, item) => total + pick(item), 0);
  const of = (pick: (node: LocatedNode['node']) => number): number => sum(nodes, ({ node }) => pick(node));
  return [
    resource(
      host,
      '(total)',
      of((node) => node.vcpus),
      of((node) => node.memory_mb),
      of((node) => node.local_gb),
    ),
    resource(
      host,
      '(used_now)',
      of((node) => node.vcpus_used),
      of((node) => node.memory_mb_used),
      of((node) => node.local_gb_used),
    ),
    resource(
      host,
      '(used_max)',
      sum(shares, (share) => share.cpu),
      sum(shares, (share) => share.memory_mb),
      sum(shares, (share) => share.disk_gb),
    ),
    ...shares.map((share) => resource(host, share.project_id, share.cpu, share.memory_mb, share.disk_gb)),
  ];
}
