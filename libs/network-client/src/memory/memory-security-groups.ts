import { randomUUID } from 'node:crypto';
import type { Ctx } from '@kilonova/util';
import type { NetworkOutcome, Port, Requester } from '../network.js';
import type { GroupWords, NewRule, SecurityGroup, SecurityGroupRule } from '../security-group.js';
import { SecurityGroups } from '../security-groups.port.js';
import { refused } from './refused.js';

const notFound = (id: string) => refused('not-found', `Security group ${id} does not exist.`);

/** The ports that are in groups. */
export interface GroupedPorts {
  /** @throws AppError when the service is down */
  answer(): void;
  all(): readonly Port[];
  change(id: string, given: Partial<Port>): void;
}

/** Security groups that are entries of a map; each project has one called `default`. */
export class MemorySecurityGroups extends SecurityGroups {
  readonly #groups = new Map<string, SecurityGroup>();

  constructor(private readonly ports: GroupedPorts) {
    super();
  }

  /** The group that a project's ports are in when nothing else is said. */
  default(projectId: string): SecurityGroup {
    const found = this.#own(projectId).find(({ name }) => name === 'default');
    return found ?? this.#add({ name: 'default', description: 'Default security group' }, projectId);
  }

  /** For tests: there are no groups any more. */
  forget(): void {
    this.#groups.clear();
  }

  async list(_ctx: Ctx, who: Requester, name?: string): Promise<readonly SecurityGroup[]> {
    this.ports.answer();
    this.default(who.projectId);
    return this.#own(who.projectId).filter((group) => name === undefined || group.name === name);
  }

  async find(_ctx: Ctx, who: Requester, id: string): Promise<SecurityGroup | undefined> {
    this.ports.answer();
    const found = this.#groups.get(id);
    return found !== undefined && (who.isAdmin || found.projectId === who.projectId) ? found : undefined;
  }

  async create(_ctx: Ctx, who: Requester, words: GroupWords): Promise<NetworkOutcome<{ readonly group: SecurityGroup }>> {
    this.ports.answer();
    return { outcome: 'done', group: this.#add(words, who.projectId) };
  }

  async change(
    ctx: Ctx,
    who: Requester,
    id: string,
    words: GroupWords,
  ): Promise<NetworkOutcome<{ readonly group: SecurityGroup }>> {
    const present = await this.find(ctx, who, id);
    if (present === undefined) return notFound(id);
    if (present.name === 'default') return refused('in-use', 'Updating default security group not allowed.');
    const group = { ...present, ...words };
    this.#groups.set(id, group);
    return { outcome: 'done', group };
  }

  async delete(ctx: Ctx, who: Requester, id: string): Promise<NetworkOutcome<object>> {
    const present = await this.find(ctx, who, id);
    if (present === undefined) return notFound(id);
    if (present.name === 'default' || this.ports.all().some(({ securityGroups }) => securityGroups.includes(id)))
      return refused('in-use', `Security Group ${id} in use.`);
    this.#groups.delete(id);
    return { outcome: 'done' };
  }

  async createRule(ctx: Ctx, who: Requester, wanted: NewRule): Promise<NetworkOutcome<{ readonly rule: SecurityGroupRule }>> {
    const group = await this.find(ctx, who, wanted.groupId);
    if (group === undefined) return notFound(wanted.groupId);
    const text = (rule: NewRule) => JSON.stringify({ ...rule, id: '' }, Object.keys({ ...rule, id: '' }).sort());
    if (group.rules.some((rule) => text(rule) === text(wanted))) return refused('in-use', 'Security group rule already exists.');
    const rule = { ...wanted, id: randomUUID() };
    this.#groups.set(group.id, { ...group, rules: [...group.rules, rule] });
    return { outcome: 'done', rule };
  }

  async deleteRule(_ctx: Ctx, who: Requester, id: string): Promise<NetworkOutcome<object>> {
    this.ports.answer();
    const visible = who.isAdmin ? [...this.#groups.values()] : this.#own(who.projectId);
    const group = visible.find(({ rules }) => rules.some((rule) => rule.id === id));
    if (group === undefined) return refused('not-found', `Security group rule ${id} does not exist.`);
    this.#groups.set(group.id, { ...group, rules: group.rules.filter((rule) => rule.id !== id) });
    return { outcome: 'done' };
  }

  async names(_ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    this.ports.answer();
    return new Map(ids.flatMap((id) => [...this.#groups.values()].filter((group) => group.id === id)).map((g) => [g.id, g.name]));
  }

  async ofPort(_ctx: Ctx, portId: string, groupIds: readonly string[]): Promise<NetworkOutcome<object>> {
    this.ports.answer();
    const missing = groupIds.find((id) => !this.#groups.has(id));
    if (missing !== undefined) return notFound(missing);
    if (!this.ports.all().some(({ id }) => id === portId)) return refused('not-found', `Port ${portId} could not be found.`);
    this.ports.change(portId, { securityGroups: groupIds });
    return { outcome: 'done' };
  }

  #own(projectId: string): SecurityGroup[] {
    return [...this.#groups.values()].filter((group) => group.projectId === projectId);
  }

  #add(words: GroupWords, projectId: string): SecurityGroup {
    const group = { id: randomUUID(), ...words, projectId, rules: [] };
    this.#groups.set(group.id, group);
    return group;
  }
}
