import { invalid } from '@kilonova/util';

/** What a broker user may do in one virtual host: expressions over names of exchanges and queues, as RabbitMQ takes them. */
export interface BrokerPermissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The control plane, in its own virtual host and in a cell's. */
export const controlPlaneRights = (): BrokerPermissions => ({ configure: '.*', write: '.*', read: '.*' });

/** Host names whose queues would have names that mean something else: `fanout.x`, `h1.call`, `h1.retry.1000`. */
const RESERVED = /^fanout(\.|$)|\.(call|retry\.\d+)$/;

/**
 * An agent reads the queues of its host, sends, and declares and deletes nothing but what ends with it; README.md, "Rights
 * of an agent". It may not read `kilonova.cmd`, to which it could otherwise bind a queue for another host's messages, nor
 * the queues of retries, its own included.
 * @throws AppError `messaging.host.reserved`.
 */
export function agentRights(cell: string, host: string): BrokerPermissions {
  if (RESERVED.test(host)) throw invalid('messaging.host.reserved', `A host cannot be called ${host}.`, { host });
  const [at, name] = [literal(cell), literal(host)];
  const passing = `compute\\.${name}\\.call$|compute\\.fanout\\.|reply\\.`;
  return {
    configure: `^${at}\\.(${passing})`,
    write: `^(kilonova\\.(cmd|dlx)|amq\\.default|nova)$|^${at}\\.(${passing})`,
    read: `^${at}\\.(compute\\.fanout$|compute\\.${name}$|${passing})`,
  };
}
