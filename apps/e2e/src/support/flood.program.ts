// Publishes as fast as the broker takes it, without waiting for anything, and comes again whenever it is thrown out.
// Argument: a `Flood` as JSON. Prints how many messages it sent.
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { type Channel, connect } from 'amqplib';
import type { Flood } from './flood.js';

const BATCH = 200;
const { url, exchange, keys, seconds, connections, bytes, properties, body } = JSON.parse(process.argv[2] ?? '') as Flood;
const content = body === undefined ? Buffer.alloc(bytes, 0x20) : Buffer.from(body);
const until = performance.now() + seconds * 1_000;
let sent = 0;

/** One batch; false when the socket is full. */
function publish(channel: Channel): boolean {
  for (let n = 0; n < BATCH; n++) {
    sent += 1;
    if (!channel.publish(exchange, keys[sent % keys.length] ?? '', content, { messageId: String(sent), ...properties }))
      return false;
  }
  return true;
}

async function flood(): Promise<void> {
  const connection = await connect(url);
  connection.on('error', () => undefined);
  const channel = await connection.createChannel();
  let open = true;
  let proceed: () => void = () => undefined;
  channel.on('error', () => undefined);
  channel.on('close', () => {
    open = false;
    proceed();
  });
  channel.on('drain', () => proceed());
  while (open && performance.now() < until) {
    const drained = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    if (publish(channel)) await turn();
    else await Promise.race([drained, sleep(1_000)]);
  }
  await Promise.race([connection.close().catch(() => undefined), sleep(500)]);
}

async function again(): Promise<void> {
  while (performance.now() < until) await flood().catch(() => sleep(20));
}

await Promise.all(Array.from({ length: connections }, again));
process.stdout.write(`${sent}\n`, () => process.exit(0));
