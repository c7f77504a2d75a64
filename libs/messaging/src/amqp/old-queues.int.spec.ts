import { RawClient, useBroker } from '@kilonova/testing';
import type { Channel } from 'amqplib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadTopology } from '../spec-support/load-topology.js';
import { oldQueueNames, oldQueues } from './old-queues.js';
import { preparedHost, preparedService, preparedTopology } from './prepared-topology.js';

const broker = useBroker();
const cell = 'cell1';
const [shared, full, slow] = [`${cell}.retry.1000`, `${cell}.compute.h1.retry.1000`, `${cell}.compute.h1.retry.300000`] as const;
const quorum = { 'x-queue-type': 'quorum', 'x-message-ttl': 600_000, 'x-dead-letter-exchange': 'kilonova.cmd' };
let client: RawClient;
let channel: Channel;

beforeEach(async () => {
  client = await RawClient.connect(broker.url, cell);
  channel = await client.channel();
  for (const name of [shared, full, slow]) await channel.assertQueue(name, { durable: true, arguments: quorum });
});
afterEach(() => client.close());

const look = (remove: boolean, url = broker.url) => oldQueues({ url, cell, hosts: ['h1', 'h2'], remove });

it('queues of an earlier layout are found, and removed when they are empty', async () => {
  await client.cast(full, 'm', {}, {}, '');
  const empty = { messages: 0, consumers: 0 };
  expect(await look(false)).toEqual([
    { name: shared, ...empty, removed: false },
    { name: full, messages: 1, consumers: 0, removed: false },
    { name: slow, ...empty, removed: false },
  ]);
  expect((await look(true)).map(({ name, removed }) => [name, removed])).toEqual([
    [shared, true],
    [full, false],
    [slow, true],
  ]);
  expect(await channel.get(full, { noAck: true })).toMatchObject({ properties: { type: 'm' } });
  await channel.consume(full, () => undefined);
  expect(await look(true)).toEqual([{ name: full, messages: 0, consumers: 1, removed: false }]);
});

it('nothing that this layout uses is taken for old', async () => {
  const { vhost } = broker;
  const topologies = [
    preparedTopology(vhost, cell, 'compute'),
    preparedTopology(vhost, cell, 'conductor'),
    preparedService(vhost, cell, 'conductor'),
    preparedHost(vhost, cell, 'h1'),
    preparedHost(vhost, cell, 'h2'),
  ];
  const used = topologies.flatMap(({ queues }) => queues.map(({ name }) => name));
  const old = oldQueueNames(cell, ['h1', 'h2']);
  expect(used.filter((name) => old.includes(name))).toEqual([]);
  await loadTopology(channel, ...topologies);
  await look(true);
  for (const name of used) expect(await channel.checkQueue(name)).toMatchObject({ queue: name });
});

it('a broker that does not answer is an error', async () => {
  await expect(look(false, 'amqp://127.0.0.1:1')).rejects.toMatchObject({ code: 'messaging.unavailable' });
});
