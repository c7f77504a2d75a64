import { randomUUID } from 'node:crypto';
import {
  agentUser,
  type BusServer,
  CONTROLLER_USER,
  conductorUser,
  createBusServer,
  createMessageBus,
  type MessageBus,
} from '@kilonova/messaging';
import { eventually, RawClient } from '@kilonova/testing';
import { castMessage, type ServiceTopic, systemCtx } from '@kilonova/util';
import { afterEach, expect, it } from 'vitest';
import { CELL, HOSTS, useDeployedBroker } from './spec-support/deployed-broker.js';

const broker = useDeployedBroker();
const [host] = HOSTS;
const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const message = (name: string, topic: ServiceTopic) => castMessage({ name, topic, level: 'cell', version: '1.0', args: {} });

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

function bus(user: string, topology?: 'prepared'): MessageBus {
  const made = createMessageBus({ url: broker.url(user), cell: CELL, ...(topology && { topology }) });
  closers.push(() => made.close());
  return made;
}

async function serve(server: BusServer): Promise<void> {
  closers.push(() => server.close());
  await server.start();
}

it('H4: agents and conductors start in any order, retry and tell, and the broker has nothing to refuse', async () => {
  const seen: string[] = [];
  const agent = bus(agentUser(host), 'prepared');
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
  await agent.cast(systemCtx(), message('early', 'conductor'), { topic: 'conductor' }, {});
  await agent.notify(event('versioned_notifications'));
  const asConductor = { ...options, url: broker.url(conductorUser(CELL)), topic: 'conductor' } as const;
  await serve(createBusServer(asConductor, async (method) => void seen.push(method)));
  await bus(CONTROLLER_USER).cast(systemCtx(), message('build', 'compute'), { topic: 'compute', host }, {});
  await bus(CONTROLLER_USER).notify(event('notifications'));
  await eventually(() => expect([...seen].sort()).toEqual(['build 1', 'build 2', 'early']));
  const lines = (await broker.log()).split('\n').filter((line) => /\[error\]|ACCESS_REFUSED|PRECONDITION/.test(line));
  expect(lines).toEqual([]);
});

it('L14: an agent publishes events of our families and no others', async () => {
  const client = await RawClient.connect(broker.url(agentUser(host)), CELL);
  closers.push(() => client.close());
  expect(await client.cast('versioned_notifications.info', 'e', {}, {}, 'nova')).toBe('taken');
  expect(await client.cast('billing.info', 'e', {}, {}, 'nova')).toBe('refused');
});
