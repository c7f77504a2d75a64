import { type ApiReply, type ApiRequest, accepted, ok } from '@kilonova/http';
import { type GroupWords, NetworkService, type SecurityGroup } from '@kilonova/network-client';
import { type AppError, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { requesterOf } from '../server/block-device/requester.js';
import { type RuleBody, readGroupId, readRule } from './model/requested-rule.js';
import { refusedGroup } from './refused-group.js';
import { securityGroupRuleView, securityGroupView } from './security-group.view.js';

type GroupRequest = ApiRequest<{ readonly security_group: GroupWords }>;
type RuleRequest = ApiRequest<{ readonly security_group_rule: RuleBody }>;

const idOf = (request: ApiRequest<unknown>): string => readGroupId(request.params['id'] as string);
const wordsOf = ({ body: { security_group: group } }: GroupRequest): GroupWords => ({
  name: group.name,
  description: group.description,
});

/** Security groups and their rules, of old passed on to the network service, in the caller's name. */
@Injectable()
export class SecurityGroupController {
  constructor(private readonly networks: NetworkService) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const all = await this.#all(request);
    return ok({ security_groups: all.map((group) => securityGroupView(group, all)) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    return this.#shown(request, await this.#group(request, idOf(request)));
  }

  async create(request: GroupRequest): Promise<ApiReply> {
    const made = await this.#groups.create(request.ctx, requesterOf(request), wordsOf(request));
    if (made.outcome === 'refused') throw refusedGroup(made);
    return this.#shown(request, made.group);
  }

  async update(request: GroupRequest): Promise<ApiReply> {
    const { id } = await this.#group(request, idOf(request));
    const changed = await this.#groups.change(request.ctx, requesterOf(request), id, wordsOf(request));
    if (changed.outcome === 'refused') throw refusedGroup(changed);
    return this.#shown(request, changed.group);
  }

  async delete(request: ApiRequest): Promise<ApiReply> {
    const { id } = await this.#group(request, idOf(request));
    const deleted = await this.#groups.delete(request.ctx, requesterOf(request), id);
    if (deleted.outcome === 'refused') throw refusedGroup(deleted);
    return accepted();
  }

  async createRule(request: RuleRequest): Promise<ApiReply> {
    const wanted = request.body.security_group_rule;
    await this.#group(request, wanted.parent_group_id);
    const made = await this.#groups.createRule(request.ctx, requesterOf(request), readRule(wanted));
    if (made.outcome === 'refused') throw refusedGroup(made);
    const all = made.rule.remoteGroupId === null ? [] : await this.#all(request);
    return ok({ security_group_rule: securityGroupRuleView(made.rule, all) });
  }

  async deleteRule(request: ApiRequest): Promise<ApiReply> {
    const id = idOf(request);
    if (!this.networks.isThere) throw groupNotFound(id);
    const deleted = await this.#groups.deleteRule(request.ctx, requesterOf(request), id);
    if (deleted.outcome === 'refused') throw refusedGroup(deleted);
    return accepted();
  }

  get #groups(): NetworkService['securityGroups'] {
    return this.networks.securityGroups;
  }

  #all(request: ApiRequest<unknown>): Promise<readonly SecurityGroup[]> {
    return this.#groups.list(request.ctx, requesterOf(request));
  }

  async #group(request: ApiRequest<unknown>, id: string): Promise<SecurityGroup> {
    const found = await this.#groups.find(request.ctx, requesterOf(request), id);
    if (found === undefined) throw groupNotFound(id);
    return found;
  }

  /** Other groups are looked up only for a group whose rules name one. */
  async #shown(request: ApiRequest<unknown>, group: SecurityGroup): Promise<ApiReply> {
    const isNamed = group.rules.some(({ remoteGroupId }) => remoteGroupId !== null);
    return ok({ security_group: securityGroupView(group, isNamed ? await this.#all(request) : []) });
  }
}

const groupNotFound = (id: string): AppError => notFound('compute.security_group.not_found', `Security group ${id} not found.`);
