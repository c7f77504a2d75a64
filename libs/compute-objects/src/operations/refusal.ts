import type { Instance } from '../instance.js';
import { type ActionName, actionRule } from './action-table.js';

/** What the decision needs of a server. */
export type ActionSubject = Pick<Instance, 'uuid' | 'vm_state' | 'task_state' | 'launched_at' | 'host' | 'locked'>;

/** Why an action is not accepted now; every one of them is a 409. */
export type Refusal =
  | { readonly reason: 'locked' }
  | { readonly reason: 'no-host' }
  | { readonly reason: 'host-down' }
  | { readonly reason: 'state'; readonly attribute: 'vm_state' | 'task_state'; readonly state: string }
  | { readonly reason: 'never-active' };

export interface ActionCircumstances {
  /** The caller may change locked servers. */
  readonly aboveLocks: boolean;
  readonly hostIsUp: boolean;
}

const includes = <T>(allowed: readonly T[] | 'any', value: T): boolean => allowed === 'any' || allowed.includes(value);

/** What the action table says of an action on a server as it is now; undefined: it may be done. Checked in Nova's order. */
export function refusalOf(action: ActionName, server: ActionSubject, circumstances: ActionCircumstances): Refusal | undefined {
  const rule = actionRule(action);
  if (rule.lock === 'respected' && server.locked && !circumstances.aboveLocks) return { reason: 'locked' };
  if (rule.host !== 'any' && server.host === null) return { reason: 'no-host' };
  if (rule.host === 'up' && !circumstances.hostIsUp) return { reason: 'host-down' };
  if (!includes(rule.vmStates, server.vm_state)) return { reason: 'state', attribute: 'vm_state', state: server.vm_state };
  if (!includes(rule.taskStates, server.task_state))
    return { reason: 'state', attribute: 'task_state', state: server.task_state ?? 'None' };
  if (rule.launched && server.launched_at === null) return { reason: 'never-active' };
  return undefined;
}

/** The sentence that a client reads, as Nova's; `verb` in place of the one that the table has. */
export function refusalMessage(
  action: ActionName,
  uuid: string,
  refusal: Refusal,
  verb = actionRule(action).verb ?? action,
): string {
  switch (refusal.reason) {
    case 'locked':
      return `Instance ${uuid} is locked`;
    case 'no-host':
      return `Instance ${uuid} is not ready`;
    case 'host-down':
      return 'Service is unavailable at this time.';
    case 'state':
      return `Cannot '${verb}' instance ${uuid} while it is in ${refusal.attribute} ${refusal.state}`;
    case 'never-active':
      return `Cannot '${verb}' an instance which has never been active`;
  }
}
