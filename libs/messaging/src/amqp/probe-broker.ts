import { AppError, reasonOf, withTimeout } from '@kilonova/util';
import { connect } from 'amqplib';
import { userOf, withHeartbeat } from './amqp-url.js';

/**
 * Connects once and disconnects: for those who want to know now instead of trying for ever.
 * @throws AppError `dependency`, code `messaging.broker.unreachable`, naming address, user, virtual host and cause.
 */
export async function probeBroker(url: string, withinMs = 5_000): Promise<void> {
  try {
    const connection = await connect(withHeartbeat(url), { noDelay: true, timeout: withinMs });
    connection.on('error', () => undefined);
    await withTimeout(connection.close(), withinMs, () => new Error('it does not close the connection'));
  } catch (error) {
    const message = `the broker at ${addressOf(url)} cannot be used: ${reasonOf(error)}`;
    throw new AppError({ kind: 'dependency', code: 'messaging.broker.unreachable', message, cause: error });
  }
}

function addressOf(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  const at = `${hostname}:${port || (protocol === 'amqps:' ? 5671 : 5672)}`;
  return `${at} (user ${userOf(url)}, virtual host ${decodeURIComponent(pathname.slice(1)) || '/'})`;
}
