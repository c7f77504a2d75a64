import { randomUUID } from 'node:crypto';
import { eventually, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import { anyCall, anyCast } from '../spec-support/any-message.js';
import { loadTopology } from '../spec-support/load-topology.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { agentRights } from './broker-rights.js';
import { preparedHost, preparedNotifications, preparedTopology } from './prepared-topology.js';

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

/** An agent whose user may declare the queues of its host and nothing else. */
async function agentUrl(): Promise<string> {
  return broker.user(`agent-${cell}`, agentRights(cell, 'h1'));
}

it('H4: an agent serves and publishes by what was prepared, and asks the broker for nothing that it refuses', async () => {
  const topic = `events-${cell}`;
  await loadTopology(
    channel,
    preparedTopology(broker.vhost, cell, 'compute'),
    preparedNotifications(broker.vhost, [topic]),
    preparedHost(broker.vhost, cell, 'h1', { topics: [topic] }),
  );
  const url = await agentUrl();
  const lines: string[] = [];
  const note = (_fields: unknown, text: string): void => void lines.push(text);
  const log = { ...quietLog, warn: note, error: note };
  const seen: unknown[] = [];
  const server = createBusServer(
    { url, cell, topic: 'compute', hosts: ['h1'], prefetch: 1, drainMs: 1_000, topology: 'prepared', log },
    async (_method, args) => {
      seen.push(args);
    },
  );
  closers.push(() => server.close());
  await server.start();
  const agent = createMessageBus({ url, cell, host: 'h1', topology: 'prepared', notifyTimeoutMs: 20_000, log });
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
  const conductor = createMessageBus({ url: broker.url, cell, log });
  closers.push(() => conductor.close());
  await conductor.cast(systemCtx(), anyCast('m'), { topic: 'compute', host: 'h1' }, 'cast');
  await conductor.fanout(systemCtx(), anyCast('m', 'compute'), 'fanout');
  await eventually(() => expect([...seen].sort()).toEqual(['cast', 'fanout']));
  expect(await conductor.call(systemCtx(), anyCall('m'), { topic: 'compute', host: 'h1' }, 'call')).toBeNull();
  const asked = createBusServer(
    { url: broker.url, cell, topic: 'conductor', agents: true, prefetch: 1, drainMs: 1_000, log },
    async (_method, args) => args,
  );
  closers.push(() => asked.close());
  await asked.start();
  expect(await agent.call(systemCtx(), anyCall('m'), { topic: 'conductor' }, 'up')).toBe('up');
  await expect(agent.cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, 'up')).rejects.toMatchObject({
    code: 'messaging.agent.cast',
  });
  expect(lines).toEqual([]); // a refused declaration would close a channel, which is logged
});
