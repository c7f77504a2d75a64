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
 * Who is not of the control plane may speak as an agent, for its own host alone.
 * @param sender a broker user outside the control plane
 * @param own the host whose agent that user is, by its name
 * @throws AppError `forbidden`, codes `conductor.agent.foreign_host`, `conductor.sender.unknown`.
 */
export function checkSender(sender: string, own: string | undefined, args: unknown): void {
  if (own === undefined) throw forbidden('conductor.sender.unknown', 'This user is no agent of this cell.', { sender });
  const named = hostsOf((args ?? {}) as Addressed);
  if (named.length > 0 && named.every((host) => host === own)) return;
  throw forbidden('conductor.agent.foreign_host', 'An agent may only speak for its own host.', { sender });
}
