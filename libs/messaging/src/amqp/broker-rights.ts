/** What a broker user may do in one virtual host: expressions over names of exchanges and queues, as RabbitMQ takes them. */
export interface BrokerPermissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The control plane, in its own virtual host and in a cell's. */
export const controlPlaneRights = (): BrokerPermissions => ({ configure: '.*', write: '.*', read: '.*' });

/**
 * An agent serves the queues of its host, sends, and reads nothing else; README.md, "Rights of an agent". It may not read
 * `kilonova.cmd`, to which it could otherwise bind its queue for another host's messages.
 */
export function agentRights(cell: string, host: string): BrokerPermissions {
  const at = literal(cell);
  const own = `^${at}\\.(compute\\.${literal(host)}(\\.call)?$|compute\\.fanout\\.|reply\\.|retry\\.)`;
  return {
    configure: own,
    write: `^(kilonova\\.(cmd|dlx)|amq\\.default|nova)$|${own}`,
    read: `^${at}\\.compute\\.fanout$|${own}`,
  };
}
