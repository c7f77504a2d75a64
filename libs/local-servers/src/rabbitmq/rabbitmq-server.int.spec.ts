import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@kilonova/testing';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRabbitmq } from './installation.js';
import { type LocalRabbitmq, startRabbitmq } from './rabbitmq-server.js';

const installation = await findRabbitmq();

const QUORUM = { durable: true, arguments: { 'x-queue-type': 'quorum' } };

/** Takes the next message, whose text it returns. Fails when the queue may not be used. */
async function take(url: string, name: string): Promise<string | undefined> {
  const connection = await connect(url, { noDelay: true });
  connection.on('error', () => {});
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    await channel.assertQueue(name, QUORUM);
    const message = await channel.get(name, { noAck: true });
    return message === false ? undefined : message.content.toString();
  } finally {
    await connection.close();
  }
}

/**
 * RabbitMQ writes down which quorum queues have a member on a node about a second after their declaration; a node that is killed
 * before that never finds such a queue's leader again (measured on 3.10; rabbitmq-server#15725 is the like on 4.x).
 */
const registered = (baseDir: string, vhost: string, queue: string): Promise<void> =>
  eventually(async () => {
    const file = join(baseDir, 'mnesia', 'kilonova@localhost', 'quorum', 'kilonova@localhost', 'names.dets');
    expect(await readFile(file, 'latin1')).toContain(`${vhost}_${queue}`);
  });

async function publish(url: string, name: string): Promise<void> {
  const connection = await connect(url, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(name, QUORUM);
  channel.sendToQueue(name, Buffer.from('kept'), { persistent: true });
  await channel.waitForConfirms();
  await connection.close();
}

describe.skipIf(installation === undefined)('a local RabbitMQ (needs the package rabbitmq-server)', { timeout: 90_000 }, () => {
  let baseDir: string;
  let server: LocalRabbitmq;

  beforeAll(async () => {
    baseDir = await mkdtemp(join(tmpdir(), 'kilonova-rabbitmq-'));
    server = await startRabbitmq({ baseDir });
  });
  afterAll(async () => {
    await server.kill();
    await rm(baseDir, { recursive: true });
  });

  test('makes virtual hosts and users, again and again', async () => {
    const admin = await server.addVhost('cell/1');
    expect(await server.addVhost('cell/1')).toBe(admin);
    await server.addUser('agent', 'first', 'cell/1');
    const agent = await server.addUser('agent', 'p@ss/word', 'cell/1');
    expect(await take(agent, 'q')).toBeUndefined();
    await server.management.deleteUser('agent');
    await expect(connect(agent)).rejects.toThrow(/ACCESS.REFUSED|403/);
  });

  test('permissions may be less than everything', async () => {
    await server.addVhost('limited');
    const url = await server.addUser('reader', 'x', 'limited');
    await server.management.setPermissions('limited', 'reader', { configure: '^$', write: '^$', read: '.*' });
    await expect(take(url, 'q')).rejects.toThrow(/ACCESS_REFUSED|403/);
  });

  test('keeps confirmed messages when it is killed and started again', async () => {
    const url = await server.addVhost('durable');
    await publish(url, 'casts');
    await registered(baseDir, 'durable', 'casts');
    const killed = server.pid;
    await server.kill();
    await server.restart();
    expect(server.pid).not.toBe(killed);
    await eventually(async () => expect(await take(url, 'casts')).toBe('kept'));
  });

  test('takes over a folder on which another still runs, as after a kill of its owner', async () => {
    const url = await server.addVhost('taken over');
    await publish(url, 'casts');
    const first = server;
    server = await startRabbitmq({ baseDir });
    expect(await first.exited).toBeDefined();
    const newUrl = await server.addVhost('taken over');
    await eventually(async () => expect(await take(newUrl, 'casts')).toBe('kept'));
  });
});
