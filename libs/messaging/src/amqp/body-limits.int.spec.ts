import { randomUUID } from 'node:crypto';
import { eventually, type RawClient, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import { openDeadLetters } from '../dead-letters/open-dead-letters.js';
import type { BusEvent } from '../port/bus-observer.js';
import { anyCall, anyCast } from '../spec-support/any-message.js';
import { callersOf, guardedConductor } from '../spec-support/guarded-conductor.js';
import { quietLog } from '../spec-support/quiet-log.js';

const broker = useBroker();
const MIB = 1024 * 1024;
/** RabbitMQ 4 takes no more than 16 MiB. */
const LARGEST = 16 * MIB;
const closers: Array<() => Promise<void>> = [];
let cell: string;
let agent: RawClient;
let stranger: RawClient;
let own: { userId: string };
let seen: unknown[];
let events: BusEvent[];

beforeEach(async () => {
  cell = `b${randomUUID().slice(0, 8)}`;
  own = { userId: `compute.${cell}` };
  [seen, events] = [[], []];
  const observe = (event: BusEvent) => void events.push(event);
  const server = await guardedConductor(broker, cell, { observe }, async (_method, args) => void seen.push(args));
  closers.push(() => server.close());
  const callers = await callersOf(broker, { cell, host: cell, agent: own.userId, stranger: `s-${cell}` });
  closers.push(() => callers.close());
  ({ agent, stranger } = callers);
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closers.splice(0).reverse()) await close();
});

const big = (bytes: number): Buffer => Buffer.from(JSON.stringify('x'.repeat(bytes - 2)));
const queue = () => `${cell}.conductor`;

it('H7: large casts of a user are refused by their length, unread, and kept without their bodies', async () => {
  const parse = vi.spyOn(JSON, 'parse');
  for (let count = 0; count < 8; count++) {
    await stranger.cast(queue(), 'm', big(LARGEST), { userId: `s-${cell}`, messageId: `big-${count}` });
  }
  await eventually(() => expect(events.filter(({ type }) => type === 'refused')).toHaveLength(8));
  expect(parse.mock.calls.filter(([text]) => text.length > MIB)).toEqual([]);
  const letters = openDeadLetters({ url: broker.url, cell });
  closers.push(() => letters.close());
  await eventually(async () => expect(await letters.list('conductor')).toHaveLength(8));
  expect(await letters.show('conductor', 'big-3')).toMatchObject({
    method: 'm',
    args: `(${LARGEST} bytes, not kept)`,
    reason: { kind: 'invalid-input', code: 'messaging.message.too_large' },
  });
  expect(seen).toEqual([]);
});

it('H7: a large call of an agent is answered with an error', async () => {
  expect(await agent.call(queue(), 'm', big(MIB + 1), own)).toEqual({ code: 'messaging.message.too_large' });
  expect(await agent.call(queue(), 'm', big(MIB), own)).toEqual({ result: null });
});

it('H7: nobody fills the dead letters with what nobody vouches for', async () => {
  await stranger.cast(queue(), 'm', big(MIB), { messageId: 'unsigned' });
  const letters = openDeadLetters({ url: broker.url, cell });
  closers.push(() => letters.close());
  await eventually(async () =>
    expect(await letters.show('conductor', 'unsigned')).toMatchObject({ args: `(${MIB} bytes, not kept)` }),
  );
});

it('H7: the control plane sends up to 15 MiB, and hears at once of more', async () => {
  const bus = createMessageBus({ url: broker.url, cell, log: quietLog });
  closers.push(() => bus.close());
  await bus.cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, 'x'.repeat(14 * MIB));
  await eventually(() => expect(seen).toHaveLength(1));
  await expect(bus.cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, 'x'.repeat(16 * MIB))).rejects.toMatchObject({
    code: 'messaging.message.too_large',
  });
  const call = bus.call(systemCtx(), anyCall('m'), { topic: 'conductor' }, 'x'.repeat(16 * MIB));
  await expect(call).rejects.toMatchObject({ code: 'messaging.message.too_large' });
});

it('H7: a response that is too large is an error, not the end of all others', async () => {
  const bus = createMessageBus({ url: broker.url, cell, log: quietLog });
  const other = createBusServer(
    { url: broker.url, cell, topic: 'scheduler', prefetch: 8, drainMs: 100, log: quietLog },
    async (m) => (m === 'large' ? 'x'.repeat(16 * MIB) : 'small'),
  );
  closers.push(
    () => bus.close(),
    () => other.close(),
  );
  await other.start();
  await expect(bus.call(systemCtx(), anyCall('large'), { topic: 'scheduler' }, {})).rejects.toMatchObject({
    code: 'messaging.message.too_large',
  });
  expect(await bus.call(systemCtx(), anyCall('small'), { topic: 'scheduler' }, {})).toBe('small');
});
