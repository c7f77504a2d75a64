import { randomUUID } from 'node:crypto';
import { eventually, RawClient, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMessageBus } from '../bus/create-message-bus.js';
import { openDeadLetters } from '../dead-letters/open-dead-letters.js';
import type { BusEvent } from '../port/bus-observer.js';
import type { Delivery } from '../port/delivery.js';
import { anyCall } from '../spec-support/any-message.js';
import { callersOf, guardedConductor } from '../spec-support/guarded-conductor.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { userOf } from './amqp-url.js';

const broker = useBroker();
const closers: Array<() => Promise<void>> = [];
let cell: string;
let agent: RawClient;
let stranger: RawClient;
let agentUser: string;
let deliveries: Delivery[];
let events: BusEvent[];

beforeEach(async () => {
  cell = `s${randomUUID().slice(0, 8)}`;
  agentUser = `compute.h1-${cell}`;
  [deliveries, events] = [[], []];
  const observe = (event: BusEvent) => void events.push(event);
  const server = await guardedConductor(
    broker,
    cell,
    { observe },
    async (_method, _args, delivery) => void deliveries.push(delivery),
  );
  closers.push(() => server.close());
  const callers = await callersOf(broker, { cell, host: `h1-${cell}`, agent: agentUser, stranger: `stranger-${cell}` });
  closers.push(() => callers.close());
  ({ agent, stranger } = callers);
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const refusals = () => events.filter((event) => event.type === 'refused');
const conductor = () => `${cell}.conductor`;

it('C3: a call without a user id is answered with an error and handled by nobody', async () => {
  expect(await agent.call(conductor(), 'm', {})).toEqual({ code: 'messaging.sender.missing' });
  expect([deliveries, refusals()]).toEqual([[], [{ type: 'refused', kind: 'call', code: 'messaging.sender.missing' }]]);
});

it('C3: a cast without a user id becomes a dead letter, whatever sender its headers name', async () => {
  const letters = openDeadLetters({ url: broker.url, cell });
  closers.push(() => letters.close());
  await stranger.cast(conductor(), 'm', {}, { messageId: 'nobody', headers: { 'kn-sender': userOf(broker.url) } });
  await eventually(async () => expect(await letters.list('conductor')).toHaveLength(1));
  expect(await letters.show('conductor', 'nobody')).toMatchObject({
    method: 'm',
    reason: { kind: 'forbidden', code: 'messaging.sender.missing' },
  });
  expect([deliveries, refusals()]).toEqual([[], [{ type: 'refused', kind: 'cast', code: 'messaging.sender.missing' }]]);
});

it('C3: a fanout without a user id is dropped', async () => {
  const raw = await RawClient.connect(broker.url, cell);
  closers.push(() => raw.close());
  const channel = await raw.channel();
  const headers = { 'kn-version': 1, 'kn-request-id': 'req-x' };
  channel.publish(`${cell}.conductor.fanout`, '', Buffer.from('{}'), { type: 'm', messageId: 'f', headers });
  await eventually(() => expect(refusals()).toEqual([{ type: 'refused', kind: 'fanout', code: 'messaging.sender.missing' }]));
  expect(deliveries).toEqual([]);
});

it("C3: nobody sends under another's name", async () => {
  expect(await stranger.cast(conductor(), 'm', {}, { userId: userOf(broker.url) })).toBe('refused');
  expect(await agent.call(conductor(), 'm', {}, { userId: userOf(broker.url) })).toBe('refused');
  expect(deliveries).toEqual([]);
});

it('C3: an agent is a user, the control plane is the control plane', async () => {
  const bus = createMessageBus({ url: broker.url, cell, log: quietLog });
  closers.push(() => bus.close());
  await bus.call(systemCtx(), anyCall('m'), { topic: 'conductor' }, {});
  await agent.call(conductor(), 'm', {}, { userId: agentUser, headers: { 'kn-sender': userOf(broker.url) } });
  expect(deliveries.map(({ sender }) => sender)).toEqual([
    { kind: 'control-plane', name: userOf(broker.url) },
    { kind: 'user', name: agentUser },
  ]);
});

it('C3: a response goes to a queue of responses alone', async () => {
  const channel = await stranger.channel();
  const { queue } = await channel.assertQueue(`${cell}.compute.other`, { exclusive: true });
  const named = { userId: `stranger-${cell}`, replyTo: queue };
  const reply = { userId: agentUser, replyTo: `${cell}.reply.1` };
  await channel.assertQueue(reply.replyTo, { exclusive: true });
  expect(await Promise.all([stranger.call(conductor(), 'm', {}, named), agent.call(conductor(), 'm', {}, reply)])).toEqual([
    'silence',
    'silence',
  ]);
  expect(deliveries).toHaveLength(2);
  for (const one of [queue, reply.replyTo]) expect(await channel.checkQueue(one)).toMatchObject({ messageCount: 0 });
});
