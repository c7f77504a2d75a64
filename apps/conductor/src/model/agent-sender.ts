import { hostOfAgentUser } from '@kilonova/compute-objects';
import { forbidden } from '@kilonova/util';

interface Addressed {
  readonly host?: unknown;
  readonly hosts?: unknown;
  readonly failed_host?: unknown;
}

/** The hosts that a message speaks for. */
const hostsOf = ({ host, hosts, failed_host }: Addressed): unknown[] =>
  [host, failed_host, ...(Array.isArray(hosts) ? hosts : [hosts])].filter((name) => name !== undefined);

/**
 * An agent may speak for its own host alone. Who else sends on a cell's broker belongs to the control plane.
 * @param sender the broker user; undefined on a bus without users
 * @throws AppError `forbidden`, code `conductor.agent.foreign_host`.
 */
export function checkSender(sender: string | undefined, args: unknown): void {
  const own = hostOfAgentUser(sender);
  if (own === undefined) return;
  const named = hostsOf((args ?? {}) as Addressed);
  if (named.length > 0 && named.every((host) => host === own)) return;
  throw forbidden('conductor.agent.foreign_host', 'An agent may only speak for its own host.', { sender });
}
