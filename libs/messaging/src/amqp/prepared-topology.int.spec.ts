import { randomUUID } from 'node:crypto';
import { eventually, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import { anyCast } from '../spec-support/any-message.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { agentRights } from './broker-rights.js';
import { type PreparedTopology, preparedNotifications, preparedTopology } from './prepared-topology.js';

const broker = useBroker();

let cell: string;
let raw: ChannelModel;
let channel: Channel;
const closers: Array<() => Promise<void>> = [];

beforeEach(async () => {
  cell = `p${randomUUID().slice(0, 8)}`;
  raw = await connect(broker.url);
  channel = await raw.createChannel();
  channel.on('error', () => undefined);
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await raw.close();
});

/** As the broker does with a definition file at its start. */
async function load({ exchanges, queues, bindings }: PreparedTopology): Promise<void> {
  for (const { name, type, durable } of exchanges) await channel.assertExchange(name, type, { durable });
  for (const { name, durable, arguments: args } of queues) await channel.assertQueue(name, { durable, arguments: args });
  for (const { source, destination, routing_key } of bindings) await channel.bindQueue(destination, source, routing_key);
}

/** An agent whose user may declare the queues of its host and nothing else. */
async function agentUrl(): Promise<string> {
  return broker.user(`agent-${cell}`, agentRights(cell, 'h1'));
}

it('lets an agent with few rights serve and publish before anyone else has declared anything', async () => {
  const topic = `events-${cell}`;
  await load(preparedTopology(broker.vhost, cell, 'compute'));
  await load(preparedNotifications(broker.vhost, [topic]));
  const url = await agentUrl();
  const seen: unknown[] = [];
  const server = createBusServer(
    { url, cell, topic: 'compute', hosts: ['h1'], prefetch: 1, drainMs: 1_000, log: quietLog },
    async (_method, args) => {
      seen.push(args);
    },
  );
  closers.push(() => server.close());
  await server.start();
  const agent = createMessageBus({ url, cell, log: quietLog });
  closers.push(() => agent.close());
  const event = {
    topic,
    ctx: systemCtx(),
    messageId: randomUUID(),
    publisherId: 'p',
    eventType: 'e',
    priority: 'ERROR',
    payload: {},
    timestamp: new Date(),
  } as const;
  await agent.notify(event);
  await eventually(async () => expect(await channel.checkQueue(`${topic}.error`)).toMatchObject({ messageCount: 1 }));

  // The conductor's declarations agree with what was loaded: else they would be refused.
  const conductor = createMessageBus({ url: broker.url, cell, log: quietLog });
  closers.push(() => conductor.close());
  await conductor.cast(systemCtx(), anyCast('m'), { topic: 'compute', host: 'h1' }, 'cast');
  await conductor.fanout(systemCtx(), anyCast('m', 'compute'), 'fanout');
  await eventually(() => expect([...seen].sort()).toEqual(['cast', 'fanout']));
});
