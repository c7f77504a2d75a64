import { forbidden } from '@kilonova/util';

const PREFIX = 'compute.';

interface Addressed {
  readonly host?: unknown;
  readonly hosts?: unknown;
  readonly failed_host?: unknown;
}

/** The hosts that a message speaks for. */
const hostsOf = ({ host, hosts, failed_host }: Addressed): unknown[] =>
  [host, failed_host, ...(Array.isArray(hosts) ? hosts : [hosts])].filter((name) => name !== undefined);

/** True when the broker vouches that an agent sent this, rather than a service of the control plane. */
export const isAgent = (sender: string | undefined): boolean => sender?.startsWith(PREFIX) ?? false;

/**
 * An agent may speak for its own host alone. Who else sends on a cell's broker belongs to the control plane.
 * @param sender the broker user, `compute.<host>` for an agent; undefined on a bus without users
 * @throws AppError `forbidden`, code `conductor.agent.foreign_host`.
 */
export function checkSender(sender: string | undefined, args: unknown): void {
  if (!isAgent(sender)) return;
  const own = (sender as string).slice(PREFIX.length);
  const named = hostsOf((args ?? {}) as Addressed);
  if (named.length > 0 && named.every((host) => host === own)) return;
  throw forbidden('conductor.agent.foreign_host', 'An agent may only speak for its own host.', { sender });
}
