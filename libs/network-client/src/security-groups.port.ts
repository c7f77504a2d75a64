import type { Ctx } from '@kilonova/util';
import type { NetworkOutcome, Requester } from './network.js';
import type { GroupWords, NewRule, SecurityGroup, SecurityGroupRule } from './security-group.js';

/**
 * Security groups: in the user's name what a user does with them, with the service's own rights which ports are in which.
 * Each method throws AppError of kind `dependency` when the network service does not answer.
 */
export abstract class SecurityGroups {
  /** The project's own. @param name left out: all */
  abstract list(ctx: Ctx, who: Requester, name?: string): Promise<readonly SecurityGroup[]>;

  /** Undefined when there is none that they may see. */
  abstract find(ctx: Ctx, who: Requester, id: string): Promise<SecurityGroup | undefined>;

  abstract create(ctx: Ctx, who: Requester, words: GroupWords): Promise<NetworkOutcome<{ readonly group: SecurityGroup }>>;

  abstract change(
    ctx: Ctx,
    who: Requester,
    id: string,
    words: GroupWords,
  ): Promise<NetworkOutcome<{ readonly group: SecurityGroup }>>;

  abstract delete(ctx: Ctx, who: Requester, id: string): Promise<NetworkOutcome<object>>;

  abstract createRule(ctx: Ctx, who: Requester, rule: NewRule): Promise<NetworkOutcome<{ readonly rule: SecurityGroupRule }>>;

  abstract deleteRule(ctx: Ctx, who: Requester, id: string): Promise<NetworkOutcome<object>>;

  /** With the service's own rights: names by id, of those that are there. */
  abstract names(ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;

  /** With the service's own rights: the groups that a port is in from then on, in place of all others. Safe to repeat. */
  abstract ofPort(ctx: Ctx, portId: string, groupIds: readonly string[]): Promise<NetworkOutcome<object>>;
}

/**
 * The group of a name or an id, as the requester sees it; `several`: the name says too little.
 * @throws AppError `dependency`
 */
export async function groupOf(
  ctx: Ctx,
  groups: SecurityGroups,
  who: Requester,
  nameOrId: string,
): Promise<SecurityGroup | 'none' | 'several'> {
  const found = await groups.find(ctx, who, nameOrId);
  if (found !== undefined) return found;
  const [only, ...others] = await groups.list(ctx, who, nameOrId);
  return others.length > 0 ? 'several' : (only ?? 'none');
}
