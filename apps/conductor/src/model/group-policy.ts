import type { GroupMember } from '@kilonova/api-db';
import type { GroupNeighbours } from '@kilonova/cell-db';
import type { InstanceGroup } from '@kilonova/compute-objects';

/**
 * The group as it stands now: its members, and the hosts of those that are not being scheduled right here, a host once for
 * each member on it. `placed` is what the cells say of members' hosts, null for one that ended without; it is newer than
 * the hosts claimed when they were scheduled.
 */
export function refreshGroup(
  group: InstanceGroup,
  members: readonly GroupMember[],
  placed: ReadonlyMap<string, string | null>,
  scheduling: ReadonlySet<string>,
): InstanceGroup {
  const others = members.filter((member) => !scheduling.has(member.instance_uuid));
  const hosts = others.flatMap(({ instance_uuid: uuid, host }) => (placed.has(uuid) ? placed.get(uuid) : host) ?? []);
  return { ...group, members: members.map((member) => member.instance_uuid), hosts: hosts.sort() };
}

/** What the late check finds wrong with a host, in words for the fault; undefined when the policy holds. */
export function groupViolation(group: InstanceGroup, neighbours: GroupNeighbours): string | undefined {
  if (group.policy === 'anti-affinity' && neighbours.here >= (group.rules.max_server_per_host ?? 1))
    return 'Anti-affinity instance group policy was violated.';
  if (group.policy === 'affinity' && neighbours.here === 0 && neighbours.elsewhere > 0)
    return 'Affinity instance group policy was violated.';
  return undefined;
}
