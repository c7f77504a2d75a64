import { randomUUID } from 'node:crypto';
import { eventually, RawClient, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import type { Channel } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import { agentUser } from '../port/broker-users.js';
import type { BusEvent } from '../port/bus-observer.js';
import type { MessageBus } from '../port/message-bus.js';
import type { BusServer, RequestHandler } from '../port/server-options.js';
import { SENDER_LIMITS } from '../serve/sender-meter.js';
import { anyCall } from '../spec-support/any-message.js';
import { guardedConductor } from '../spec-support/guarded-conductor.js';
import { loadTopology } from '../spec-support/load-topology.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { hostNames } from '../wire/names.js';
import { userOf } from './amqp-url.js';
import { agentRights } from './broker-rights.js';
import { preparedHost, preparedTopology } from './prepared-topology.js';

const broker = useBroker();
const closers: Array<() => Promise<unknown>> = [];
const conductor = { topic: 'conductor' } as const;
let cell: string;
let [good, bad] = ['', ''];
let admin: Channel;
let events: BusEvent[];
let lines: Array<Record<string, unknown>>;

const log = { ...quietLog, error: (fields: Record<string, unknown>) => void lines.push(fields) };

beforeEach(async () => {
  cell = `i${randomUUID().slice(0, 8)}`;
  [good, bad] = [`good-${cell}`, `bad-${cell}`];
  [events, lines] = [[], []];
  const client = await RawClient.connect(broker.url, cell);
  closers.push(() => client.close());
  admin = await client.channel();
  await loadTopology(admin, preparedTopology(broker.vhost, cell, 'compute'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** What a deployment does for a host that is added. @returns the URL of its agent's user */
async function prepare(host: string): Promise<string> {
  await loadTopology(admin, preparedHost(broker.vhost, cell, host));
  return broker.user(agentUser(host), agentRights(cell, host));
}

async function agentOf(host: string): Promise<MessageBus> {
  const bus = createMessageBus({ url: await prepare(host), cell, host, topology: 'prepared', log: quietLog });
  closers.push(() => bus.close());
  return bus;
}

async function rawAgentOf(host: string): Promise<RawClient> {
  const client = await RawClient.connect(await prepare(host), cell, host);
  closers.push(() => client.close());
  return client;
}

async function serve(handle: RequestHandler = async (_method, args) => args): Promise<BusServer> {
  const observe = (event: BusEvent) => void events.push(event);
  const server = await guardedConductor(broker, cell, { log, observe }, handle);
  closers.push(() => server.close());
  return server;
}

const ask = (bus: MessageBus, args: unknown, timeoutMs = 10_000) =>
  bus.call(systemCtx(), anyCall('m'), conductor, args, { timeoutMs });
const inboxOf = (host: string) => admin.checkQueue(hostNames(cell, host).inbox);
const floods = () => events.filter((event) => event.type === 'refused' && event.code === 'messaging.sender.floods');

describe('what agents ask their conductors', () => {
  it('is answered for a host that is added while conductors run', async () => {
    await serve();
    const started = performance.now();
    expect(await ask(await agentOf(good), 'late')).toBe('late');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('waits for a conductor that comes later', async () => {
    const answer = ask(await agentOf(good), 'early');
    await eventually(async () => expect(await inboxOf(good)).toMatchObject({ messageCount: 1 }));
    await serve();
    expect(await answer).toBe('early');
  });

  it('is answered where all share a broker user and nothing was prepared', async () => {
    await serve();
    const agent = createMessageBus({ url: broker.url, cell, host: good, log });
    closers.push(() => agent.close());
    expect(await ask(agent, 'shared')).toBe('shared');
    expect(lines).toEqual([]);
  });

  it('is answered by another conductor when one ends', async () => {
    const first = await serve(async () => 'first');
    const agent = await agentOf(good);
    expect(await ask(agent, {})).toBe('first');
    await serve(async () => 'second');
    await first.close();
    expect(await ask(agent, {})).toBe('second');
  });

  it('H7: is left unread for a while where it is a flood, which is told with its name and counted; others notice nothing', async () => {
    await serve();
    const [agent, offender] = [await agentOf(good), await rawAgentOf(bad)];
    await ask(agent, 'before');
    await offender.hello();
    await eventually(async () => expect(await inboxOf(bad)).toMatchObject({ consumerCount: 1 }));
    const channel = await offender.channel();
    const { out, inbox } = hostNames(cell, bad);
    for (let n = 0; n < 2_000; n++) channel.publish(out, inbox, Buffer.from('{}'), { messageId: String(n) });
    await eventually(async () => expect(await inboxOf(bad)).toMatchObject({ consumerCount: 0 }));
    await eventually(async () => expect((await inboxOf(bad)).messageCount).toBeGreaterThan(500));
    const started = performance.now();
    expect(await ask(agent, 'meanwhile')).toBe('meanwhile');
    expect(performance.now() - started).toBeLessThan(SENDER_LIMITS.silenceMs - 500);
    expect(lines.filter(({ sender }) => sender === agentUser(bad))).toHaveLength(1);
    expect(floods().length).toBeGreaterThan(0);
    await eventually(async () => expect(await inboxOf(bad)).toMatchObject({ consumerCount: 1 }), { deadlineMs: 10_000 });
  });

  it('goes on for others when the queue of one is deleted, and for that one when it is there again', async () => {
    await serve();
    const [agent, other] = [await agentOf(good), await rawAgentOf(bad)];
    await other.hello();
    await eventually(async () => expect(await inboxOf(bad)).toMatchObject({ consumerCount: 1 }));
    await admin.deleteQueue(hostNames(cell, bad).inbox);
    expect(await ask(agent, 'on')).toBe('on');
    await loadTopology(admin, preparedHost(broker.vhost, cell, bad));
    await eventually(async () => {
      await other.hello();
      expect(await inboxOf(bad)).toMatchObject({ consumerCount: 1 });
    });
  });

  it.each([100])(
    'is taken from %i hosts, each by a queue of its own',
    async (count) => {
      const hosts = Array.from({ length: count }, (_, n) => `h${n}-${cell}`);
      for (const host of hosts) await loadTopology(admin, preparedHost(broker.vhost, cell, host));
      const started = performance.now();
      await serve();
      for (const host of hosts) admin.publish(hostNames(cell, host).out, hostNames(cell, host).hello, Buffer.alloc(0));
      await eventually(
        async () => {
          for (const host of hosts.slice(-3)) expect(await inboxOf(host)).toMatchObject({ consumerCount: 1 });
        },
        { deadlineMs: 20_000 },
      );
      console.log(`${count} hosts are listened to after ${(performance.now() - started).toFixed(0)} ms`);
    },
    60_000,
  );
});

describe('what agents answer', () => {
  const compute = anyCall('m');
  const call = (bus: MessageBus, host: string, timeoutMs = 5_000) =>
    bus.call(systemCtx(), compute, { topic: 'compute', host } as never, {}, { timeoutMs });

  it('H7: costs who floods a caller with it the queue of its answers, and nobody else', async () => {
    const offender = await rawAgentOf(bad);
    const channel = await offender.channel();
    const { out, calls } = hostNames(cell, bad);
    await channel.consume(calls, (message) => {
      const to: unknown = message?.properties.replyTo;
      for (let n = 0; n < 500; n++) channel.publish(out, String(to), Buffer.from('{}'), { correlationId: randomUUID() });
    });
    const url = await prepare(good);
    const agent = createBusServer(
      { url, cell, topic: 'compute', hosts: [good], topology: 'prepared', prefetch: 1, drainMs: 1_000, log: quietLog },
      async () => 'fine',
    );
    closers.push(() => agent.close());
    await agent.start();
    const bus = createMessageBus({ url: broker.url, cell, log, observe: (event) => void events.push(event) });
    closers.push(() => bus.close());
    const [told, fooled] = await Promise.allSettled([call(bus, good), call(bus, bad)]);
    expect(told).toMatchObject({ value: 'fine' });
    expect(fooled).toMatchObject({ reason: { code: 'messaging.unavailable' } });
    expect(lines).toMatchObject([{ sender: agentUser(bad) }]);
    expect(floods()).toHaveLength(1);
    await expect(call(bus, bad)).rejects.toMatchObject({ code: 'messaging.unavailable' });
    expect(await call(bus, good)).toBe('fine');
  });

  it('reaches nobody but those who asked it', async () => {
    const [offender, agent] = [await rawAgentOf(bad), await rawAgentOf(good)];
    const channel = await agent.channel();
    const bus = createMessageBus({ url: broker.url, cell, log });
    closers.push(() => bus.close());
    let replyTo = '';
    await channel.consume(hostNames(cell, good).calls, (message) => {
      replyTo = String(message?.properties.replyTo);
    });
    const asked = call(bus, good, 1_500).catch((error: { code?: string }) => error.code);
    await eventually(() => expect(replyTo).not.toBe(''));
    expect(await offender.cast(replyTo, 'm', {}, {}, hostNames(cell, bad).out)).toBe('nowhere');
    expect(await asked).toBe('messaging.call.timeout');
  });

  it('is not waited for where nobody serves the host', async () => {
    await prepare(good);
    const bus = createMessageBus({ url: broker.url, cell, log });
    closers.push(() => bus.close());
    await expect(call(bus, good, 30_000)).rejects.toMatchObject({ code: 'messaging.unroutable' });
  });
});
