import { randomUUID } from 'node:crypto';
import { eventually, RawClient, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import { openDeadLetters } from '../dead-letters/open-dead-letters.js';
import type { BusEvent } from '../port/bus-observer.js';
import { anyCall, anyCast } from '../spec-support/any-message.js';
import { loadTopology } from '../spec-support/load-topology.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { userOf } from './amqp-url.js';
import { agentRights, controlPlaneRights } from './broker-rights.js';
import { preparedHost, preparedTopology } from './prepared-topology.js';

const broker = useBroker();
const MIB = 1024 * 1024;
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
  const server = createBusServer(
    {
      url: broker.url,
      cell,
      topic: 'conductor',
      agents: true,
      prefetch: 8,
      drainMs: 1_000,
      controlPlaneUsers: [userOf(broker.url)],
      log: quietLog,
      observe: (event) => void events.push(event),
    },
    async (_method, args) => void seen.push(args),
  );
  await server.start();
  const admin = await RawClient.connect(broker.url, cell);
  await loadTopology(
    await admin.channel(),
    preparedTopology(broker.vhost, cell, 'compute'),
    preparedHost(broker.vhost, cell, cell),
  );
  agent = await RawClient.connect(await broker.user(own.userId, agentRights(cell, cell)), cell, cell);
  stranger = await RawClient.connect(await broker.user(`s-${cell}`, controlPlaneRights()), cell);
  closers.push(
    () => server.close(),
    () => admin.close(),
    () => agent.close(),
    () => stranger.close(),
  );
  await agent.hello();
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
    await stranger.cast(queue(), 'm', big(20 * MIB), { userId: `s-${cell}`, messageId: `big-${count}` });
  }
  await eventually(() => expect(events.filter(({ type }) => type === 'refused')).toHaveLength(8));
  expect(parse.mock.calls.filter(([text]) => text.length > MIB)).toEqual([]);
  const letters = openDeadLetters({ url: broker.url, cell });
  closers.push(() => letters.close());
  await eventually(async () => expect(await letters.list('conductor')).toHaveLength(8));
  expect(await letters.show('conductor', 'big-3')).toMatchObject({
    method: 'm',
    args: `(${20 * MIB} bytes, not kept)`,
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
