import type { GroupMember } from '@kilonova/api-db';
import type { GroupMemberPlacement, GroupNeighbours } from '@kilonova/cell-db';
import type { InstanceGroup } from '@kilonova/compute-objects';

export type MemberPlace = Omit<GroupMemberPlacement, 'instance_uuid'>;

/** What the cells say of members; newer than the hosts claimed when they were scheduled. */
export interface PlacedMembers {
  readonly places: ReadonlyMap<string, MemberPlace>;
  /** All cells have answered: a member that was stored in one of them and is in none has left. */
  readonly isWhole: boolean;
}

/**
 * The group as it stands now: its members, and the hosts of those that are not being scheduled right here, a host once for
 * each member on it. Members that keep apart hold both ends of a move until it is over, for they may come back.
 */
export function refreshGroup(
  group: InstanceGroup,
  members: readonly GroupMember[],
  { places, isWhole }: PlacedMembers,
  scheduling: ReadonlySet<string>,
): InstanceGroup {
  const others = members.filter((member) => !scheduling.has(member.instance_uuid));
  const keepsApart = group.policy.endsWith('anti-affinity');
  const hosts = others.flatMap(({ instance_uuid: uuid, host: chosen, is_settled }) => {
    const place = places.get(uuid);
    if (place === undefined) return isWhole && is_settled ? [] : (chosen ?? []);
    const claimed = place.is_placing ? chosen : null;
    const held = keepsApart ? [place.host, place.other, claimed] : [place.host ?? claimed];
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
