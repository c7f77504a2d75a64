import { invalid } from '@kilonova/util';
import { isReservedHost } from '../wire/names.js';
import { hostQueues, hostTopology } from './host-topology.js';

/** What a broker user may do in one virtual host: expressions over names of exchanges and queues, as RabbitMQ takes them. */
export interface BrokerPermissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const oneOf = (names: readonly string[]): string => `^(${names.map(literal).join('|')})$`;

const NOTHING = '^$';

/** The control plane, in its own virtual host and in a cell's. */
export const controlPlaneRights = (): BrokerPermissions => ({ configure: '.*', write: '.*', read: '.*' });

/**
 * An agent takes from the queues of its host, sends through the exchange of its host, and makes and deletes nothing; README.md,
 * "Rights of an agent". RabbitMQ's default exchange, which leads to every queue, is not among what it may write to.
 * @throws AppError `messaging.host.reserved`.
 */
export function agentRights(cell: string, host: string): BrokerPermissions {
  if (isReservedHost(host)) throw invalid('messaging.host.reserved', `A host cannot be called ${host}.`, { host });
  const topology = hostTopology(cell, host);
  const taken = hostQueues(topology).filter((queue) => queue.taken);
  return { configure: NOTHING, write: oneOf([topology.out]), read: oneOf(taken.map(({ name }) => name)) };
}

/** What one agent may have open on its broker at once, as RabbitMQ's definitions write it. */
export const AGENT_LIMITS = { 'max-connections': 16, 'max-channels': 64 } as const;
