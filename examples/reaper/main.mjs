#!/usr/bin/env node
// Listens to what the cloud tells, and makes room for servers that wait for it. See README.md.
import amqp from 'amqplib';
import { Cloud } from './cloud.mjs';
import { Reaper } from './reaper.mjs';

const { env } = process;

/** @param {string} name @returns {string} */
function needed(name) {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

const EXCHANGE = env['REAPER_EXCHANGE'] ?? 'nova';
const TOPIC = env['REAPER_TOPIC'] ?? 'versioned_notifications';
/** Looks without being told: what was missed while the broker was away. */
const LOOK_MS = Number(env['REAPER_LOOK_SECONDS'] ?? 60) * 1000;
const RECONNECT_MS = { first: 1_000, most: 30_000 };

/** @param {string} line */
const log = (line) => console.log(`${new Date().toISOString()} ${line}`);

const cloud = new Cloud({
  authUrl: needed('OS_AUTH_URL'),
  username: needed('OS_USERNAME'),
  password: needed('OS_PASSWORD'),
  project: needed('OS_PROJECT_NAME'),
});
const reaper = new Reaper(cloud, { victims: Number(env['REAPER_VICTIMS'] ?? 8), tries: 3, goneMs: 60_000, log });

/** A run that fails is told, and made up for by the next look. */
const look = () => reaper.look().catch((error) => log(`failed: ${error.message}`));

/**
 * True of an event that a server waits for room.
 * @param {{ event_type: string, payload: any }} message
 */
function tellsOfWaiting({ event_type: type, payload }) {
  const state = payload?.['nova_object.data']?.state;
  return state === 'pending' && (type === 'instance.update' || type === 'compute_task.build_instances.error');
}

/** @param {Buffer} content the envelope of oslo.messaging: the message is JSON within JSON */
const messageOf = (content) => JSON.parse(JSON.parse(content.toString())['oslo.message']);

/** Resolves when the connection is lost. @param {string} url */
async function listen(url) {
  const connection = await amqp.connect(url, { noDelay: true, timeout: 10_000 });
  const lost = new Promise((resolve) => connection.once('close', resolve));
  connection.on('error', (error) => log(`broker: ${error.message}`));
  try {
    const channel = await connection.createChannel();
    await channel.assertExchange(EXCHANGE, 'topic', { durable: env['REAPER_DURABLE'] !== 'false' });
    // Nothing is lost with the queue: who waits is asked of the API, events only say when.
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, arguments: { 'x-max-length': 1_000 } });
    for (const priority of ['info', 'error']) await channel.bindQueue(queue, EXCHANGE, `${TOPIC}.${priority}`);
    await channel.consume(queue, (message) => message !== null && tellsOfWaiting(messageOf(message.content)) && look(), {
      noAck: true,
    });
    log(`listening to ${TOPIC} of ${EXCHANGE}`);
    look();
    await lost;
  } finally {
    await connection.close().catch(() => undefined);
  }
}

setInterval(look, LOOK_MS);
let pauseMs = RECONNECT_MS.first;
for (;;) {
  const since = Date.now();
  await listen(needed('REAPER_AMQP_URL')).catch((error) => log(`broker: ${error.message}`));
  pauseMs = Date.now() - since > RECONNECT_MS.most ? RECONNECT_MS.first : Math.min(RECONNECT_MS.most, pauseMs * 2);
  await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random() / 2)));
}
