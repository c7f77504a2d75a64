import { setTimeout as sleep } from 'node:timers/promises';

/** The management API gathers its figures every five seconds. */
const GATHERED_MS = 6_000;
const MANAGEMENT_PORT = 15672;

/** Messages that a broker was given and has given out so far, of all virtual hosts; undefined without a broker. */
export async function brokerMessages(amqp, management) {
  if (amqp === undefined) return undefined;
  await sleep(GATHERED_MS);
  const { username, password, hostname } = new URL(amqp);
  const url = new URL(management ?? `http://${hostname}:${MANAGEMENT_PORT}`);
  const login = Buffer.from([url.username || username, url.password || password].map(decodeURIComponent).join(':')).toString(
    'base64',
  );
  const headers = { authorization: `Basic ${login}` };
  const answer = await fetch(new URL('/api/overview', url.origin), { headers, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`the broker's management API says ${answer.status}`);
  const { message_stats: stats = {} } = await answer.json();
  return { published: stats.publish ?? 0, delivered: stats.deliver_get ?? 0 };
}
