import { randomUUID } from 'node:crypto';
import { eventually, RawClient, useBroker } from '@kilonova/testing';
import { AppError, systemCtx } from '@kilonova/util';
import type { Channel } from 'amqplib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import type { BusServer } from '../port/server-options.js';
import { anyCast } from '../spec-support/any-message.js';
import { loadTopology } from '../spec-support/load-topology.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { retryQueue } from '../wire/names.js';
import { agentRights } from './broker-rights.js';
import { preparedHost, preparedTopology } from './prepared-topology.js';

const broker = useBroker();
const cell = `r${randomUUID().slice(0, 8)}`;
const [mine, other] = [`a-${cell}`, `b-${cell}`];
const target = (host: string) => ({ topic: 'compute', host }) as const;
let attacker: RawClient;
let admin: RawClient;

beforeAll(async () => {
  admin = await RawClient.connect(broker.url, cell);
  const topologies = [mine, other].map((host) => preparedHost(broker.vhost, cell, host));
  await loadTopology(await admin.channel(), preparedTopology(broker.vhost, cell, 'compute'), ...topologies);
  attacker = await RawClient.connect(await broker.user(`compute.${mine}`, agentRights(cell, mine)), cell);
});
afterAll(() => Promise.all([attacker.close(), admin.close()]));

const retriesOf = (host: string): string => retryQueue(cell, target(host), 1_000);
const deeds: ReadonlyArray<readonly [string, (channel: Channel, queue: string) => Promise<unknown>]> = [
  ['take from', (channel, queue) => channel.get(queue)],
  ['listen to', (channel, queue) => channel.consume(queue, () => undefined)],
  ['empty', (channel, queue) => channel.purgeQueue(queue)],
  ['delete', (channel, queue) => channel.deleteQueue(queue)],
  ['bind', (channel, queue) => channel.bindQueue(queue, 'kilonova.cmd', `${cell}.compute.${mine}`)],
  [
    'declare',
    (channel, queue) => channel.assertQueue(queue, { arguments: { 'x-dead-letter-routing-key': `${cell}.compute.${mine}` } }),
  ],
];

it.each(deeds)("H4: an agent may not %s the queues of another host's retries, nor of its own", async (_name, deed) => {
  for (const queue of [retriesOf(other), retriesOf(mine), `${cell}.compute.${other}`, `${cell}.conductor.retry.1000`]) {
    await expect(deed(await attacker.channel(), queue)).rejects.toMatchObject({ code: 403 });
  }
});

it("H4: what an agent delays comes back to its own queue, whatever keys it is sent with, and reaches no other host's", async () => {
  const out = `${cell}.compute.${mine}.out`;
  const properties = { userId: `compute.${mine}`, headers: { CC: [`${cell}.compute.${other}`, retriesOf(other)] } };
  expect(await attacker.cast(retriesOf(other), 'm', {}, properties, out)).toBe('nowhere');
  expect(await attacker.cast(retriesOf(other), 'm', {}, properties, '')).toBe('refused');
  expect(await attacker.cast(retriesOf(mine), 'm', {}, properties, out)).toBe('taken');
  const channel = await admin.channel();
  await eventually(async () => expect(await channel.checkQueue(`${cell}.compute.${mine}`)).toMatchObject({ messageCount: 1 }));
  for (const queue of [`${cell}.compute.${other}`, retriesOf(other)]) {
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 0 });
  }
});

it('H4: a queue of retries that exists otherwise is a mismatch; the cast stays where it is', async () => {
  const own = `x${cell}`;
  const channel = await admin.channel();
  await channel.assertQueue(`${own}.conductor.retry.10`, { durable: true, arguments: { 'x-message-ttl': 10 } });
  const errors: unknown[] = [];
  let runs = 0;
  const log = { ...quietLog, error: (fields: Record<string, unknown>) => void errors.push(fields['code']) };
  const options = {
    url: broker.url,
    cell: own,
    topic: 'conductor',
    prefetch: 1,
    retryDelaysMs: [10],
    drainMs: 100,
    log,
  } as const;
  const server: BusServer = createBusServer(options, async () => {
    runs++;
    throw new AppError({ kind: 'dependency', code: 'x.y.z', message: 'down' });
  });
  await server.start();
  const bus = createMessageBus({ url: broker.url, cell: own, log: quietLog });
  await bus.cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, {});
  await eventually(() => expect(errors).toContain('messaging.topology.mismatch'));
  expect(await channel.checkQueue(`${own}.conductor.retry.10`)).toMatchObject({ messageCount: 0 });
  await eventually(() => expect(runs).toBeGreaterThan(1));
  await bus.close();
  await server.close();
});
