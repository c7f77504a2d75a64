import { randomUUID } from 'node:crypto';
import { eventually, TcpProxy } from '@kilonova/testing';
import { pause, systemCtx } from '@kilonova/util';
import { connect } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokerCheck } from '../bus/broker-check.js';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import type { MessageBusOptions } from '../port/bus-options.js';
import type { MessageBus } from '../port/message-bus.js';
import type { BusServer, BusServerOptions, RequestHandler } from '../port/server-options.js';
import { anyCall, anyCast } from '../spec-support/any-message.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { useOwnRabbitmq } from '../spec-support/use-own-rabbitmq.js';

const { node } = useOwnRabbitmq();
const conductor = { topic: 'conductor' } as const;
/** More than a start of the broker takes; on a machine that does much else, the second. */
const RETRIES_MS = [25_000, 90_000];

describe('faults of the broker and the network', () => {
  let cell: string;
  let proxy: TcpProxy;
  const closers: Array<() => Promise<void>> = [];

  beforeEach(async () => {
    cell = `f${randomUUID().slice(0, 8)}`;
    proxy = await TcpProxy.inFrontOf(node().url);
  });

  afterEach(async () => {
    proxy.heal();
    for (const close of closers.splice(0).reverse()) await close();
    await proxy.close();
  });

  function busOf(options: Partial<MessageBusOptions> = {}): MessageBus {
    const bus = createMessageBus({ url: node().url, cell, log: quietLog, ...options });
    closers.push(() => bus.close());
    return bus;
  }

  async function serve(handle: RequestHandler, options: Partial<BusServerOptions> = {}): Promise<BusServer> {
    const server = createBusServer(
      { url: node().url, cell, topic: 'conductor', prefetch: 16, retryDelaysMs: [50], drainMs: 500, log: quietLog, ...options },
      handle,
    );
    closers.push(() => server.close());
    await server.start();
    return server;
  }

  it('loses no confirmed cast when the broker is killed and started again', async () => {
    const handled = new Set<string>();
    const confirmed = new Set<string>();
    const server = await serve(async (_method, _args, { messageId }) => void handled.add(messageId));
    const bus = busOf();
    await bus.cast(systemCtx(), anyCast('m'), conductor, {});
    let stop = false;
    const sender = (async () => {
      while (!stop) {
        const batch = Array.from({ length: 20 }, () => ({
          messageId: randomUUID(),
          target: conductor,
          method: 'm',
          args: {},
          ctx: systemCtx(),
        }));
        const results = await bus.castMany(batch);
        for (const [index, result] of results.entries()) if (result === 'sent') confirmed.add(batch[index]?.messageId ?? '');
        if (results.includes('unavailable')) await pause(50);
      }
    })();
    const declaredAt = Date.now();
    // RabbitMQ writes the table of its quorum queues half a second late: a queue younger than that does not survive a kill.
    await eventually(() => confirmed.size > 200 && Date.now() - declaredAt > 2_000);
    await node().kill();
    await eventually(() => !server.health().ready);
    await node().restart();
    const before = confirmed.size;
    await eventually(() => confirmed.size > before + 200, { deadlineMs: 60_000 });
    stop = true;
    await sender;
    await eventually(() => server.health().ready, { deadlineMs: 30_000 });
    await eventually(() => [...confirmed].every((id) => handled.has(id)), { deadlineMs: 30_000 });
  }, 120_000);

  it.each([
    ['is killed', () => node().kill()],
    ['is stopped', () => node().stop()],
  ] as const)(
    "loses none of a host's casts that wait to be tried again when the broker %s and is back before their time",
    async (_how, end) => {
      for (const retryMs of RETRIES_MS) if (await areKept(end, retryMs)) return;
      throw new Error('the broker was never back in time');
    },
    300_000,
  );

  /** Ends the broker while casts wait so long, and looks that all are tried again; false: it was not back in time. */
  async function areKept(end: () => Promise<void>, retryMs: number): Promise<boolean> {
    const again = new Set<unknown>();
    const host = `h${retryMs}`;
    const options = { topic: 'compute', hosts: [host], retryDelaysMs: [retryMs] } as const;
    const server = await serve(async (_method, args, { attempt }) => {
      if (attempt > 1) again.add(args);
      else if (args !== 'before') throw Object.assign(new Error('deadlock'), { code: '40P01' });
    }, options);
    const [bus, target] = [busOf(), { topic: 'compute', host } as const];
    await bus.cast(systemCtx(), anyCast('m'), target, 'before');
    await pause(2_000); // as above: a younger quorum queue does not survive a kill
    const began = performance.now();
    for (let n = 0; n < 100; n++) await bus.cast(systemCtx(), anyCast('m'), target, n);
    const raw = await connect(node().url);
    raw.on('error', () => undefined);
    const channel = await raw.createChannel();
    const retries = `${cell}.compute.${host}.again.${retryMs}`;
    await eventually(async () => expect(await channel.checkQueue(retries)).toMatchObject({ messageCount: 100 }));
    await end();
    const early = again.size;
    await node().restart();
    await eventually(() => server.health().ready, { deadlineMs: 30_000 });
    if (performance.now() - began > retryMs) return false;
    expect(early).toBe(0);
    await eventually(() => expect(again.size).toBe(100), { deadlineMs: retryMs + 40_000 });
    return true;
  }

  it('declares and consumes a queue again that was deleted under its consumer', async () => {
    const seen: unknown[] = [];
    const server = await serve(async (_method, args) => void seen.push(args));
    const bus = busOf();
    await bus.cast(systemCtx(), anyCast('m'), conductor, 1);
    await eventually(() => seen.length === 1);
    const raw = await connect(node().url);
    const channel = await raw.createChannel();
    await channel.deleteQueue(`${cell}.conductor`);
    await channel.deleteQueue(`${cell}.conductor.call`);
    await raw.close();
    await eventually(() => server.health().ready);
    await bus.cast(systemCtx(), anyCast('m'), conductor, 2);
    await eventually(() => seen.length === 2);
    expect(await bus.call(systemCtx(), anyCall('m'), conductor, 3)).toBeNull();
  });

  it('declares a deleted queue again when a cast comes back', async () => {
    const bus = busOf();
    const late = { topic: 'compute', host: 'late' } as const;
    await bus.cast(systemCtx(), anyCast('m'), late, 1);
    const raw = await connect(node().url);
    const channel = await raw.createChannel();
    await channel.deleteQueue(`${cell}.compute.late`);
    await bus.cast(systemCtx(), anyCast('m'), late, 2);
    expect(await channel.checkQueue(`${cell}.compute.late`)).toMatchObject({ messageCount: 1 });
    await raw.close();
  });

  it('fails a pending call at once when the caller loses its connection, and the next one works', async () => {
    let running = 0;
    let release = (): void => undefined;
    await serve(async (method) => {
      if (method === 'quick') return 'ok';
      running++;
      await new Promise<void>((resolve) => (release = resolve));
      return null;
    });
    const bus = busOf({ url: proxy.through(node().url) });
    const pending = bus.call(systemCtx(), anyCall('slow'), conductor, {}, { timeoutMs: 60_000 }).catch((error: unknown) => error);
    await eventually(() => running === 1);
    const cutAt = Date.now();
    proxy.cut();
    expect(await pending).toMatchObject({ kind: 'dependency', code: 'messaging.unavailable' });
    expect(Date.now() - cutAt).toBeLessThan(5_000);
    expect(await bus.call(systemCtx(), anyCall('quick'), conductor, {})).toBe('ok');
    release();
  });

  it('runs a cast once when its server loses the connection while it is handled', async () => {
    let runs = 0;
    let release = (): void => undefined;
    const server = await serve(
      async () => {
        runs++;
        await new Promise<void>((resolve) => (release = resolve));
      },
      { url: proxy.through(node().url), prefetch: 1 },
    );
    const bus = busOf();
    await bus.cast(systemCtx(), anyCast('m'), conductor, {});
    await eventually(() => runs === 1);
    proxy.cut();
    await eventually(() => !server.health().ready);
    await eventually(() => server.health().ready);
    release();
    await bus.cast(systemCtx(), anyCast('m'), conductor, {});
    await eventually(() => runs === 2);
    release();
    const raw = await connect(node().url);
    const channel = await raw.createChannel();
    await eventually(async () => (await channel.checkQueue(`${cell}.conductor`)).messageCount === 0);
    await raw.close();
    expect(runs).toBe(2);
  });

  it('delivers a cast to another server when the first is cut off for good', async () => {
    const seen: string[] = [];
    await serve(
      async () => {
        seen.push('first');
        await new Promise(() => undefined);
      },
      { url: proxy.through(node().url), drainMs: 50 },
    );
    await busOf().cast(systemCtx(), anyCast('m'), conductor, {});
    await eventually(() => seen.length === 1);
    proxy.refuse();
    await serve(async () => void seen.push('second'));
    await eventually(() => seen.length === 2);
    expect(seen).toEqual(['first', 'second']);
  });

  it('notices a half-open line by heartbeat, fails what waits for it and comes back', async () => {
    const url = new URL(proxy.through(node().url));
    url.searchParams.set('heartbeat', '1');
    const bus = busOf({ url: url.toString(), confirmTimeoutMs: 500 });
    await bus.cast(systemCtx(), anyCast('m'), conductor, 1);
    proxy.blackhole();
    await expect(bus.cast(systemCtx(), anyCast('m'), conductor, 2)).rejects.toMatchObject({ code: 'messaging.unavailable' });
    await eventually(() => !bus.health().ready);
    proxy.heal();
    await eventually(() => bus.health().ready, { deadlineMs: 30_000 });
    await bus.cast(systemCtx(), anyCast('m'), conductor, 3);
  }, 60_000);

  it('L12: an alarm of the broker holds up a notification for a second at most, and is known to readiness', async () => {
    const bus = busOf();
    const event = { ctx: systemCtx(), publisherId: 'p', eventType: 'e', priority: 'INFO', payload: {} } as const;
    const notify = () => bus.notify({ ...event, topic: `t-${cell}`, messageId: randomUUID(), timestamp: new Date() });
    await notify();
    expect(brokerCheck(bus)).toEqual({ ok: true });
    await node().ctl('set_vm_memory_high_watermark', 'absolute', '1MB');
    try {
      await eventually(
        async () => {
          const started = performance.now();
          await notify().catch(() => undefined);
          expect(performance.now() - started).toBeLessThan(5_000); // of 15 s that a cast waits
          expect(bus.health()).toEqual({ ready: false, blocked: true });
        },
        { deadlineMs: 20_000 },
      );
      expect(brokerCheck(bus)).toMatchObject({ ok: false, detail: expect.stringContaining('memory') });
      await expect(notify()).rejects.toMatchObject({ code: 'messaging.unavailable' });
    } finally {
      await node().ctl('set_vm_memory_high_watermark', '0.4');
    }
    await eventually(() => expect(brokerCheck(bus)).toEqual({ ok: true }), { deadlineMs: 20_000 });
    await notify();
  });

  it('starts before its broker can be reached, and sends when it can', async () => {
    proxy.refuse();
    const bus = busOf({ url: proxy.through(node().url) });
    const sent = bus.cast(systemCtx(), anyCast('m'), conductor, 1);
    await pause(100);
    proxy.heal();
    await sent;
  });
});
