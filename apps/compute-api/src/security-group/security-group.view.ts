import type { SecurityGroup, SecurityGroupRule } from '@kilonova/network-client';

const WITH_PORTS: readonly (string | null)[] = ['tcp', 'udp'];

/** Ports as Nova tells them: where the network service has none, all there are. */
function portsOf({ protocol, from, to }: SecurityGroupRule): {
  readonly from_port: number | null;
  readonly to_port: number | null;
} {
  if (protocol === null || from !== null || to !== null) return { from_port: from, to_port: to };
  return WITH_PORTS.includes(protocol) ? { from_port: 1, to_port: 65_535 } : { from_port: -1, to_port: -1 };
}

const anywhere = ({ ethertype }: SecurityGroupRule): string => (ethertype === 'IPv6' ? '::/0' : '0.0.0.0/0');

/** A rule, as of old. @param groups to name the one that it is about */
export function securityGroupRuleView(rule: SecurityGroupRule, groups: readonly SecurityGroup[]) {
  const remote = groups.find(({ id }) => id === rule.remoteGroupId);
  return {
    id: rule.id,
    parent_group_id: rule.groupId,
    ip_protocol: rule.protocol,
    ...portsOf(rule),
    group: rule.remoteGroupId === null ? {} : { name: remote?.name ?? '', tenant_id: remote?.projectId ?? '' },
    ip_range: rule.remoteGroupId === null ? { cidr: rule.cidr ?? anywhere(rule) } : {},
  };
}

/** A security group, as of old: what it lets in. @param groups to name those that its rules are about */
export const securityGroupView = (group: SecurityGroup, groups: readonly SecurityGroup[]) => ({
  id: group.id,
  name: group.name,
  description: group.description,
  tenant_id: group.projectId,
  rules: group.rules.filter(({ direction }) => direction === 'ingress').map((rule) => securityGroupRuleView(rule, groups)),
});
