import { type ActionName, type Instance, refusalMessage, refusalOf } from '@kilonova/compute-objects';
import { conflict } from '@kilonova/util';
import { type HostState, isUp } from './host-state.js';

const CODES = {
  locked: 'compute.server.locked',
  'no-host': 'compute.server.not_ready',
  'host-down': 'compute.server.host_down',
  state: 'compute.server.state',
  'never-active': 'compute.server.state',
} as const;

/** A server as it was found; one without a cell has no host. */
export interface FoundServer {
  readonly instance: Instance;
  readonly host?: HostState | null;
}

/**
 * @param verb of the message, where one row stands for several
 * @throws AppError 409 when the action table does not allow the action on the server as it is now
 */
export function refuseAction(action: ActionName, found: FoundServer, caller: { readonly isAdmin: boolean }, verb?: string): void {
  const circumstances = { aboveLocks: caller.isAdmin, hostIsUp: isUp(found.host ?? null) };
  const refusal = refusalOf(action, found.instance, circumstances);
  if (refusal === undefined) return;
  throw conflict(CODES[refusal.reason], refusalMessage(action, found.instance.uuid, refusal, verb), { ...refusal });
}
