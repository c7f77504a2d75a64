import type { RestReply } from '@kilonova/rest-client';
import { type Ctx, isUuid } from '@kilonova/util';
import type { NetworkOutcome, Requester } from '../network.js';
import type { GroupWords, NewRule, SecurityGroup, SecurityGroupRule } from '../security-group.js';
import { SecurityGroups } from '../security-groups.port.js';
import { ask, isDone, isHidden, type NeutronTransport, refusalOf, unexpected } from './neutron-transport.js';

interface RuleDocument {
  readonly id: string;
  readonly security_group_id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: 'IPv4' | 'IPv6';
  readonly protocol: string | null;
  readonly port_range_min: number | null;
  readonly port_range_max: number | null;
  readonly remote_ip_prefix: string | null;
  readonly remote_group_id: string | null;
}

interface GroupDocument {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly tenant_id?: string;
  readonly project_id?: string;
  readonly security_group_rules?: readonly RuleDocument[];
}

const ruleOf = (rule: RuleDocument): SecurityGroupRule => ({
  id: rule.id,
  groupId: rule.security_group_id,
  direction: rule.direction,
  ethertype: rule.ethertype,
  protocol: rule.protocol,
  from: rule.port_range_min,
  to: rule.port_range_max,
  cidr: rule.remote_ip_prefix,
  remoteGroupId: rule.remote_group_id,
});

const groupOf = (group: GroupDocument): SecurityGroup => ({
  id: group.id,
  name: group.name,
  description: group.description ?? '',
  projectId: group.project_id ?? group.tenant_id ?? '',
  rules: (group.security_group_rules ?? []).map(ruleOf),
});

const ruleDocument = (rule: NewRule): Omit<RuleDocument, 'id'> => ({
  security_group_id: rule.groupId,
  direction: rule.direction,
  ethertype: rule.ethertype,
  protocol: rule.protocol,
  port_range_min: rule.from,
  port_range_max: rule.to,
  remote_ip_prefix: rule.cidr,
  remote_group_id: rule.remoteGroupId,
});

/** Ids in one address: longer ones are refused by servers. */
const IDS_A_REQUEST = 50;

/** Security groups of a Neutron v2. */
export class NeutronSecurityGroups extends SecurityGroups {
  constructor(private readonly transport: NeutronTransport) {
    super();
  }

  async list(ctx: Ctx, who: Requester, name?: string): Promise<readonly SecurityGroup[]> {
    const query = new URLSearchParams({ tenant_id: who.projectId, ...(name === undefined ? {} : { name }) });
    const request = ask('GET', `/security-groups?${query}`);
    const reply = await this.transport.sendAs<{ security_groups: readonly GroupDocument[] }>(ctx, who.token, request);
    if (!isDone(reply)) throw unexpected(reply.status, 'for security groups');
    return reply.body.security_groups.map(groupOf);
  }

  async find(ctx: Ctx, who: Requester, id: string): Promise<SecurityGroup | undefined> {
    if (!isUuid(id)) return undefined;
    const request = ask('GET', `/security-groups/${id}`);
    const reply = await this.transport.sendAs<{ security_group: GroupDocument }>(ctx, who.token, request);
    if (isHidden(reply)) return undefined;
    if (!isDone(reply)) throw unexpected(reply.status, 'for a security group');
    return groupOf(reply.body.security_group);
  }

  async create(ctx: Ctx, who: Requester, words: GroupWords): Promise<NetworkOutcome<{ readonly group: SecurityGroup }>> {
    return this.#group(await this.transport.sendAs(ctx, who.token, ask('POST', '/security-groups', { security_group: words })));
  }

  async change(
    ctx: Ctx,
    who: Requester,
    id: string,
    words: GroupWords,
  ): Promise<NetworkOutcome<{ readonly group: SecurityGroup }>> {
    const request = ask('PUT', `/security-groups/${id}`, { security_group: words });
    return this.#group(await this.transport.sendAs(ctx, who.token, request));
  }

  async delete(ctx: Ctx, who: Requester, id: string): Promise<NetworkOutcome<object>> {
    return done(
      await this.transport.sendAs(ctx, who.token, ask('DELETE', `/security-groups/${id}`)),
      'to delete a security group',
    );
  }

  async createRule(ctx: Ctx, who: Requester, rule: NewRule): Promise<NetworkOutcome<{ readonly rule: SecurityGroupRule }>> {
    const request = ask('POST', '/security-group-rules', { security_group_rule: ruleDocument(rule) });
    const reply = await this.transport.sendAs<{ security_group_rule: RuleDocument }>(ctx, who.token, request);
    if (!isDone(reply)) return refusalOf(reply, 'for a security group rule');
    return { outcome: 'done', rule: ruleOf(reply.body.security_group_rule) };
  }

  async deleteRule(ctx: Ctx, who: Requester, id: string): Promise<NetworkOutcome<object>> {
    const reply = await this.transport.sendAs(ctx, who.token, ask('DELETE', `/security-group-rules/${id}`));
    return done(reply, 'to delete a security group rule');
  }

  async names(ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    for (let from = 0; from < ids.length; from += IDS_A_REQUEST) {
      const some = ids.slice(from, from + IDS_A_REQUEST).map((id) => ['id', id] as [string, string]);
      const query = new URLSearchParams([...some, ['fields', 'id'], ['fields', 'name']]);
      const reply = await this.transport.send<{ security_groups: readonly GroupDocument[] }>(
        ctx,
        ask('GET', `/security-groups?${query}`),
      );
      if (!isDone(reply)) throw unexpected(reply.status, 'for names of security groups');
      for (const { id, name } of reply.body.security_groups) names.set(id, name);
    }
    return names;
  }

  async ofPort(ctx: Ctx, portId: string, groupIds: readonly string[]): Promise<NetworkOutcome<object>> {
    const request = ask('PUT', `/ports/${portId}`, { port: { security_groups: groupIds } });
    return done(await this.transport.send(ctx, request), 'to put a port into security groups');
  }

  #group(reply: RestReply<{ security_group: GroupDocument }>): NetworkOutcome<{ readonly group: SecurityGroup }> {
    if (!isDone(reply)) return refusalOf(reply, 'for a security group');
    return { outcome: 'done', group: groupOf(reply.body.security_group) };
  }
}

const done = (reply: RestReply, what: string): NetworkOutcome<object> =>
  isDone(reply) ? { outcome: 'done' } : refusalOf(reply, what);
