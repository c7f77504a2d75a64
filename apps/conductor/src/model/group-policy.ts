import type { GroupMember } from '@kilonova/api-db';
import type { GroupMemberPlacement, GroupNeighbours } from '@kilonova/cell-db';
import type { InstanceGroup } from '@kilonova/compute-objects';

export type MemberPlace = Omit<GroupMemberPlacement, 'instance_uuid'>;

/**
 * The group as it stands now: its members, and the hosts of those that are not being scheduled right here, a host once for
 * each member on it. `placed` is what the cells say of members; it is newer than the hosts claimed when they were scheduled.
 * Members that keep apart hold both ends of a move until it is over, for they may come back.
 */
export function refreshGroup(
  group: InstanceGroup,
  members: readonly GroupMember[],
  placed: ReadonlyMap<string, MemberPlace>,
  scheduling: ReadonlySet<string>,
): InstanceGroup {
  const others = members.filter((member) => !scheduling.has(member.instance_uuid));
  const keepsApart = group.policy.endsWith('anti-affinity');
  const hosts = others.flatMap(({ instance_uuid: uuid, host: claimed }) => {
    const place = placed.get(uuid);
    if (place === undefined) return claimed ?? [];
    const { host, other, is_placing } = place;
    const held = keepsApart ? [host, other, is_placing ? claimed : null] : [host];
    return [...new Set(held.filter((one) => one !== null))];
  });
  return { ...group, members: members.map((member) => member.instance_uuid), hosts: hosts.sort() };
}

/** What the late check finds wrong with a host, in words for the fault; undefined when the policy holds. */
export function groupViolation(group: InstanceGroup, neighbours: GroupNeighbours): string | undefined {
  if (group.policy === 'anti-affinity' && neighbours.here + neighbours.leaving >= (group.rules.max_server_per_host ?? 1))
    return 'Anti-affinity instance group policy was violated.';
  if (group.policy === 'affinity' && neighbours.here === 0 && neighbours.elsewhere > 0)
    return 'Affinity instance group policy was violated.';
  return undefined;
}
