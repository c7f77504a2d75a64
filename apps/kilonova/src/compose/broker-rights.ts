import { agentUser, CONTROLLER_USER, conductorUser, vhostOf } from './compose-layout.js';

/** What a broker user may do in one virtual host: expressions over names of exchanges and queues. */
export interface BrokerRights {
  readonly user: string;
  readonly vhost: string;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const everything = (user: string, vhost: string): BrokerRights => ({ user, vhost, configure: '.*', write: '.*', read: '.*' });

/** The API level, in its own virtual host and in a cell's. */
export const controllerRights = (name: string): BrokerRights => everything(CONTROLLER_USER, vhostOf(name));

/** A cell's conductors, in their cell alone. */
export const conductorRights = (cell: string): BrokerRights => everything(conductorUser(cell), vhostOf(cell));

/**
 * An agent serves the queues of its host, sends, and reads nothing else. Source of the expressions: "Rights of an agent" in
 * libs/messaging/README.md. It may not read `kilonova.cmd`, to which it could otherwise bind its queue for another host's
 * messages.
 */
export function agentRights(cell: string, host: string): BrokerRights {
  const at = literal(cell);
  const own = `^${at}\\.(compute\\.${literal(host)}(\\.call)?$|compute\\.fanout\\.|reply\\.|retry\\.)`;
  return {
    user: agentUser(host),
    vhost: vhostOf(cell),
    configure: own,
    write: `^(kilonova\\.(cmd|dlx)|amq\\.default|nova)$|${own}`,
    read: `^${at}\\.compute\\.fanout$|${own}`,
  };
}
