import { randomUUID } from 'node:crypto';
import { eventually, useBroker } from '@kilonova/testing';
import { type AppError, conflict, systemCtx } from '@kilonova/util';
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import { openDeadLetters } from '../dead-letters/open-dead-letters.js';
import type { MessageBusOptions } from '../port/bus-options.js';
import type { Delivery } from '../port/delivery.js';
import type { MessageBus } from '../port/message-bus.js';
import type { BusServerOptions, RequestHandler } from '../port/server-options.js';
import { anyCall, anyCast } from '../spec-support/any-message.js';
import { loadTopology } from '../spec-support/load-topology.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { userOf } from './amqp-url.js';
import { agentRights, controlPlaneRights } from './broker-rights.js';
import { preparedHost, preparedTopology } from './prepared-topology.js';

const broker = useBroker();

describe('what is on the wire', () => {
  let cell: string;
  let raw: ChannelModel;
  let channel: Channel;
  const closers: Array<() => Promise<void>> = [];

  beforeEach(async () => {
    cell = `w${randomUUID().slice(0, 8)}`;
    raw = await connect(broker.url);
    channel = await raw.createChannel();
    channel.on('error', () => undefined);
  });

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await raw.close();
  });

  function busOf(options: Partial<MessageBusOptions> = {}): MessageBus {
    const bus = createMessageBus({ url: broker.url, cell, notifyTimeoutMs: 20_000, log: quietLog, ...options });
    closers.push(() => bus.close());
    return bus;
  }

  async function serve(handle: RequestHandler, options: Partial<BusServerOptions> = {}): Promise<void> {
    const server = createBusServer(
      { url: broker.url, cell, topic: 'conductor', prefetch: 8, drainMs: 1_000, log: quietLog, ...options },
      handle,
    );
    closers.push(() => server.close());
    await server.start();
  }

  const fetch = async (queue: string): Promise<ConsumeMessage['properties'] & { body: unknown }> => {
    const message = await channel.get(queue, { noAck: true });
    if (message === false) throw new Error(`${queue} is empty`);
    return { ...message.properties, body: JSON.parse(message.content.toString()) as unknown };
  };

  it('casts persistent messages with their context in headers, and no token', async () => {
    const ctx = { ...systemCtx('alice'), globalRequestId: 'req-global' };
    await busOf().cast(ctx, anyCast('build'), { topic: 'compute', host: 'h1' }, { id: 1 }, { messageId: 'm-1' });
    const message = await fetch(`${cell}.compute.h1`);
    expect(message).toMatchObject({
      type: 'build',
      messageId: 'm-1',
      deliveryMode: 2,
      contentType: 'application/json',
      body: { id: 1 },
    });
    expect(message.userId).toBe(decodeURIComponent(new URL(broker.url).username));
    expect(message.headers).toMatchObject({
      'kn-version': 1,
      'kn-message-version': '1.0',
      'kn-request-id': ctx.requestId,
      'kn-global-request-id': 'req-global',
      'kn-attempt': 1,
    });
    expect(JSON.parse(String(message.headers?.['kn-principal']))).toEqual({
      userId: 'alice',
      roles: ['admin', 'service'],
      isAdmin: true,
    });
  });

  it('declares the same queue from both ends, whichever comes first, quorum or classic', async () => {
    for (const queueType of ['quorum', 'classic'] as const) {
      cell = `w${randomUUID().slice(0, 8)}`;
      const seen: unknown[] = [];
      await busOf({ queueType }).cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, 1);
      await serve(async (_method, args) => void seen.push(args), { queueType });
      await busOf({ queueType }).cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, 2);
      await eventually(() => seen.length === 2);
    }
  });

  it('says so when the two ends disagree on the queue type', async () => {
    await busOf({ queueType: 'classic' }).cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, 1);
    const error = await busOf({ queueType: 'quorum' })
      .cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, 2)
      .catch((e: AppError) => e);
    expect(error).toMatchObject({ code: 'messaging.topology.mismatch', retry: 'never' });
  });

  it('declares notification queues as oslo.messaging does and publishes its envelope', async () => {
    const bus = busOf({ notifications: { durable: false } });
    const at = new Date('2026-11-21T03:15:14.446Z');
    const ctx = {
      ...systemCtx('u1'),
      principal: {
        userId: 'u1',
        projectId: 'p1',
        projectDomainId: 'default',
        userDomainId: 'default',
        roles: ['member'],
        isAdmin: false,
      },
    };
    const topic = `versioned_${cell}`;
    await bus.notify({
      topic,
      ctx,
      messageId: 'id-1',
      publisherId: 'nova-compute:h1',
      eventType: 'instance.create.end',
      priority: 'INFO',
      payload: { a: 1 },
      timestamp: at,
    });
    // An oslo listener declares just so; a difference would close the channel.
    await channel.assertExchange('nova', 'topic', { durable: false, autoDelete: false });
    await channel.assertQueue(`${topic}.info`, { durable: false, autoDelete: false });
    const message = await fetch(`${topic}.info`);
    expect(message).toMatchObject({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 0,
      headers: {},
    });
    const envelope = message.body as Record<string, string>;
    expect(Object.keys(envelope)).toEqual(['oslo.version', 'oslo.message']);
    expect(envelope['oslo.version']).toBe('2.0');
    const inner = JSON.parse(String(envelope['oslo.message'])) as Record<string, unknown>;
    expect(inner).toMatchObject({
      message_id: 'id-1',
      publisher_id: 'nova-compute:h1',
      event_type: 'instance.create.end',
      priority: 'INFO',
      payload: { a: 1 },
      timestamp: '2026-11-21 03:15:14.446000',
      _context_request_id: ctx.requestId,
      _context_user_identity: 'u1 p1 - default default',
      _context_auth_token: null,
    });
    expect(inner._unique_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('declares them durable unless told otherwise, and takes others as they are', async () => {
    const [mine, theirs] = [`events_${cell}`, `others_${cell}`];
    await channel.assertQueue(`${theirs}.info`, { durable: false });
    const event = { ctx: systemCtx(), messageId: 'i', publisherId: 'p', eventType: 'e', priority: 'INFO', payload: {} } as const;
    const bus = busOf({ notifications: { exchange: `x_${cell}` } });
    for (const topic of [mine, theirs]) await bus.notify({ ...event, topic, timestamp: new Date() });
    await channel.assertExchange(`x_${cell}`, 'topic', { durable: true });
    expect(await channel.assertQueue(`${mine}.info`, { durable: true })).toMatchObject({ messageCount: 1 });
    expect(await channel.assertQueue(`${theirs}.info`, { durable: false })).toMatchObject({ messageCount: 1 });
  });

  it('makes a dead letter of what it cannot read', async () => {
    const letters = openDeadLetters({ url: broker.url, cell });
    closers.push(() => letters.close());
    let runs = 0;
    await serve(async () => void runs++);
    channel.publish('kilonova.cmd', `${cell}.conductor`, Buffer.from('not json'), {
      messageId: 'odd',
      type: 'm',
      userId: userOf(broker.url),
      headers: { 'kn-version': 1 },
    });
    channel.publish('kilonova.cmd', `${cell}.conductor`, Buffer.from('{}'), {
      messageId: 'future',
      type: 'm',
      userId: userOf(broker.url),
      headers: { 'kn-version': 99 },
    });
    await eventually(async () => (await letters.list('conductor')).length === 2);
    const found = await letters.list('conductor');
    expect(found.map(({ messageId, reason }) => [messageId, reason.kind, reason.code]).sort()).toEqual([
      ['future', 'unsupported-version', 'messaging.message.malformed'],
      ['odd', 'unsupported-version', 'messaging.message.malformed'],
    ]);
    expect(runs).toBe(0);
  });

  it('lets the broker bury a cast whose consumers die over it, and replays it', async () => {
    const bus = busOf();
    await bus.cast(systemCtx(), anyCast('poison'), { topic: 'compute', host: 'h1' }, { id: 1 }, { messageId: 'poison' });
    let deaths = 0;
    await channel.consume(`${cell}.compute.h1`, (message) => {
      deaths++;
      if (message !== null) channel.nack(message, false, true);
    });
    const letters = openDeadLetters({ url: broker.url, cell });
    closers.push(() => letters.close());
    await eventually(async () => (await letters.list('compute')).length === 1);
    expect(deaths).toBeGreaterThan(5);
    expect(await letters.show('compute', 'poison')).toMatchObject({
      target: { topic: 'compute', host: 'h1' },
      method: 'poison',
      args: { id: 1 },
      reason: { code: 'messaging.delivery.limit' },
    });
    await channel.close();
    const seen: string[] = [];
    await serve(async (method) => void seen.push(method), { topic: 'compute', hosts: ['h1'] });
    expect(await letters.replay('compute', 'all')).toEqual({ sent: ['poison'], kept: [] });
    await eventually(() => seen.length === 1);
  });

  it('lets an agent with few rights serve its host, and retry and bury its casts', async () => {
    const url = await broker.user(`agent-${cell}`, agentRights(cell, 'h1'));
    const host = { topic: 'compute', host: 'h1' } as const;
    const bus = busOf();
    await loadTopology(channel, preparedTopology(broker.vhost, cell, 'compute'), preparedHost(broker.vhost, cell, 'h1'));
    await bus.cast(systemCtx(), anyCast('m'), host, 'before');
    await bus.fanout(systemCtx(), anyCast('m', 'compute'), 'nobody');
    const seen: unknown[] = [];
    const handle: RequestHandler = async (method, args, { attempt }) => {
      seen.push(args);
      if (method === 'fail') throw conflict('x.y.z', 'no');
      if (args === 'before' && attempt === 1) throw Object.assign(new Error('deadlock'), { code: '40P01' });
      return 'ok';
    };
    await serve(handle, { url, topic: 'compute', hosts: ['h1'], topology: 'prepared' });
    await eventually(() => expect(seen).toEqual(['before', 'before']));
    expect(await bus.call(systemCtx(), anyCall('m'), host, 'call')).toBe('ok');
    await bus.fanout(systemCtx(), anyCast('m', 'compute'), 'fanout');
    await eventually(() => expect(seen).toEqual(['before', 'before', 'call', 'fanout']));
    await bus.cast(systemCtx(), anyCast('fail'), host, 'bad');
    await eventually(() => expect(seen).toEqual(['before', 'before', 'call', 'fanout', 'bad']));
    const letters = openDeadLetters({ url: broker.url, cell });
    closers.push(() => letters.close());
    await eventually(async () => expect(await letters.list('compute')).toHaveLength(1));
  });

  it('believes only the broker about who sent a message', async () => {
    const user = `other-${cell}`;
    const url = await broker.user(user, controlPlaneRights());
    const deliveries: Delivery[] = [];
    await serve(
      async (_method, _args, delivery) => {
        deliveries.push(delivery);
        if (delivery.attempt === 1) throw Object.assign(new Error('deadlock'), { code: '40P01' });
      },
      { retryDelaysMs: [10] },
    );

    await busOf({ url }).cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, {});
    await eventually(() => deliveries.length === 2);
    const sender = { kind: 'user', name: user };
    expect(deliveries.map((delivery) => [delivery.sender, delivery.attempt])).toEqual([
      [sender, 1],
      [sender, 2],
    ]);

    const forging = await connect(url);
    const forger = await forging.createChannel();
    forger.on('error', () => undefined);
    const headers = { 'kn-version': 1, 'kn-request-id': 'req-x', 'kn-attempt': 2, 'kn-sender': 'conductor' };
    forger.publish('kilonova.cmd', `${cell}.conductor`, Buffer.from('{}'), {
      messageId: 'forged',
      type: 'm',
      userId: user,
      headers,
    });
    await eventually(() => deliveries.length === 3);
    expect(deliveries[2]?.sender).toEqual(sender);
    await forging.close();
  });
});
