import { randomUUID } from 'node:crypto';
import {
  AGENT_LIMITS,
  agentUser,
  type BusServer,
  CONTROLLER_USER,
  conductorUser,
  createBusServer,
  createMessageBus,
  type MessageBus,
  type MessageBusOptions,
} from '@kilonova/messaging';
import { eventually, RawClient } from '@kilonova/testing';
import { callMessage, castMessage, resultOf, type ServiceTopic, systemCtx } from '@kilonova/util';
import { afterEach, expect, it } from 'vitest';
import { CELL, HOSTS, useDeployedBroker } from './spec-support/deployed-broker.js';

const broker = useDeployedBroker();
const [host] = HOSTS;
const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const message = (name: string, topic: ServiceTopic) => castMessage({ name, topic, level: 'cell', version: '1.0', args: {} });

const question = callMessage({
  name: 'early',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: {},
  result: resultOf<null>(),
});

const event = (topic: string) =>
  ({
    topic,
    ctx: systemCtx(),
    messageId: randomUUID(),
    publisherId: 'p',
    eventType: 'e',
    priority: 'INFO',
    payload: {},
    timestamp: new Date(),
  }) as const;

function bus(user: string, agent: Partial<MessageBusOptions> = {}): MessageBus {
  const made = createMessageBus({ url: broker.url(user), cell: CELL, notifyTimeoutMs: 20_000, ...agent });
  closers.push(() => made.close());
  return made;
}

async function serve(server: BusServer): Promise<void> {
  closers.push(() => server.close());
  await server.start();
}

it('H4: agents and conductors start in any order, retry and tell, and the broker has nothing to refuse', async () => {
  const seen: string[] = [];
  const agent = bus(agentUser(host), { topology: 'prepared', host });
  const options = { cell: CELL, prefetch: 4, drainMs: 1_000 };
  const asAgent = {
    ...options,
    url: broker.url(agentUser(host)),
    topic: 'compute',
    hosts: [host],
    topology: 'prepared',
  } as const;
  await serve(
    createBusServer(asAgent, async (method, _args, { attempt }) => {
      seen.push(`${method} ${attempt}`);
      if (attempt === 1) throw Object.assign(new Error('deadlock'), { code: '40P01' });
    }),
  );
  const early = agent.call(systemCtx(), question, { topic: 'conductor' }, {});
  await agent.notify(event('versioned_notifications'));
  const asConductor = { ...options, url: broker.url(conductorUser(CELL)), topic: 'conductor', agents: true } as const;
  await serve(createBusServer(asConductor, async (method) => void seen.push(method)));
  await bus(CONTROLLER_USER).cast(systemCtx(), message('build', 'compute'), { topic: 'compute', host }, {});
  await bus(CONTROLLER_USER).notify(event('notifications'));
  await early;
  await eventually(() => expect([...seen].sort()).toEqual(['build 1', 'build 2', 'early']));
  const lines = (await broker.log()).split('\n').filter((line) => /\[error\]|ACCESS_REFUSED|PRECONDITION/.test(line));
  expect(lines).toEqual([]);
});

it('L14: an agent publishes events of our families and no others', async () => {
  const [out, nova] = [`${CELL}.compute.${host}.out`, 'nova'];
  const client = await RawClient.connect(broker.url(agentUser(host)), CELL);
  const reader = await RawClient.connect(broker.url(CONTROLLER_USER), CELL);
  closers.push(
    () => client.close(),
    () => reader.close(),
  );
  const channel = await reader.channel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, nova, '#');
  expect(await client.cast('versioned_notifications.info', 'e', {}, {}, out)).toBe('taken');
  expect(await client.cast('billing.info', 'e', {}, {}, out)).toBe('nowhere');
  expect(await client.cast('versioned_notifications.info', 'e', {}, {}, nova)).toBe('refused');
  await eventually(async () => {
    const told = await channel.get(queue, { noAck: true });
    expect(told && told.fields).toMatchObject({ exchange: nova, routingKey: 'versioned_notifications.info' });
  });
  expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 0 });
});

it('an agent has so many connections, and no more', async () => {
  const connections: RawClient[] = [];
  closers.push(async () => void (await Promise.all(connections.map((one) => one.close()))));
  const open = async (): Promise<void> => {
    for (let count = 0; count < 40; count++) connections.push(await RawClient.connect(broker.url(agentUser(host)), CELL));
  };
  await expect(open()).rejects.toThrow();
  expect(connections).toHaveLength(AGENT_LIMITS['max-connections']);
});

it('a broker of an earlier layout is brought up to date by the same definitions, and nobody keeps older rights', async () => {
  const user = agentUser(host);
  await broker.permit(user, { configure: '.*', write: '.*', read: '.*' });
  const earlier = await RawClient.connect(broker.url(CONTROLLER_USER), CELL);
  closers.push(() => earlier.close());
  const channel = await earlier.channel();
  await channel.assertQueue(`${CELL}.compute.${host}.call`, { arguments: { 'x-expires': 60_000 } });
  await channel.assertQueue(`${CELL}.compute.${host}.retry.1000`, { arguments: { 'x-message-ttl': 1_000 } });
  await broker.deploy();
  const agent = await RawClient.connect(broker.url(user), CELL);
  closers.push(() => agent.close());
  for (const exchange of ['', 'kilonova.cmd', 'kilonova.dlx', 'nova']) {
    expect(await agent.cast(`${CELL}.compute.${host}.retry.1000`, 'm', {}, {}, exchange), exchange).toBe('refused');
  }
  await serve(
    createBusServer(
      { url: broker.url(conductorUser(CELL)), cell: CELL, topic: 'conductor', agents: true, prefetch: 4, drainMs: 1_000 },
      async () => 'up to date',
    ),
  );
  const calls = bus(user, { topology: 'prepared', host });
  expect(await calls.call(systemCtx(), question, { topic: 'conductor' }, {})).toBe('up to date');
});
