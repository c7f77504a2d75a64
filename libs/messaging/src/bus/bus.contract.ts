import { randomUUID } from 'node:crypto';
import { eventually } from '@kilonova/testing';
import { AppError, type Ctx, conflict, systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDeadLetters } from '../dead-letters/open-dead-letters.js';
import type { Delivery } from '../port/delivery.js';
import type { MessageBus } from '../port/message-bus.js';
import type { BusServer, BusServerOptions, RequestHandler } from '../port/server-options.js';
import { anyCall, anyCast } from '../spec-support/any-message.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { createBusServer } from './create-bus-server.js';
import { createMessageBus } from './create-message-bus.js';

const conductor = { topic: 'conductor' } as const;

/** What both drivers promise. `url` is asked once a test; a cell of its own keeps the tests apart. */
export function busContract(name: string, url: () => string): void {
  describe(`${name}: the bus contract`, () => {
    let cell: string;
    let bus: MessageBus;
    let servers: BusServer[];

    beforeEach(() => {
      cell = `c${randomUUID().slice(0, 8)}`;
      bus = createMessageBus({ url: url(), cell, connectionName: 'contract', log: quietLog });
      servers = [];
    });

    afterEach(async () => {
      await Promise.all(servers.map((server) => server.close()));
      await bus.close();
    });

    async function serve(handle: RequestHandler, options: Partial<BusServerOptions> = {}): Promise<BusServer> {
      const server = createBusServer(
        { url: url(), cell, topic: 'conductor', prefetch: 8, retryDelaysMs: [20, 40], drainMs: 2_000, log: quietLog, ...options },
        handle,
      );
      servers.push(server);
      await server.start();
      return server;
    }

    it('answers a call with what the handler returned', async () => {
      await serve(async (method, args) => ({ method, args }));
      expect(await bus.call(systemCtx(), anyCall('ping'), conductor, { n: 1 })).toEqual({ method: 'ping', args: { n: 1 } });
    });

    it('answers null for a handler that returns nothing', async () => {
      await serve(async () => undefined);
      expect(await bus.call(systemCtx(), anyCall('ping'), conductor, undefined)).toBeNull();
    });

    it('never shares objects between the two ends', async () => {
      const seen: unknown[] = [];
      const kept = { list: [1] };
      await serve(async (_method, args) => {
        seen.push(args);
        return kept;
      });
      const sent = { deep: { a: 1 } };
      const got = await bus.call(systemCtx(), anyCall<{ list: number[] }>('m'), conductor, sent);
      got.list.push(2);
      sent.deep.a = 2;
      expect(seen).toEqual([{ deep: { a: 1 } }]);
      expect(kept.list).toEqual([1]);
    });

    it('rebuilds the error that the handler threw', async () => {
      await serve(async () => {
        throw conflict('compute.instance.busy', 'The instance is busy.', { task: 'resize_prep' });
      });
      const error = await bus.call(systemCtx(), anyCall('m'), conductor, {}).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({
        kind: 'conflict',
        code: 'compute.instance.busy',
        message: 'The instance is busy.',
        details: { task: 'resize_prep' },
      });
    });

    it('makes a bug of an unexpected error', async () => {
      await serve(async () => {
        throw new TypeError('x is undefined');
      });
      await expect(bus.call(systemCtx(), anyCall('m'), conductor, {})).rejects.toMatchObject({
        kind: 'bug',
        code: 'internal.unexpected',
      });
    });

    it('answers a bug for a result that cannot be written', async () => {
      await serve(async () => {
        const circle: Record<string, unknown> = {};
        circle['self'] = circle;
        return circle;
      });
      await expect(bus.call(systemCtx(), anyCall('m'), conductor, {})).rejects.toMatchObject({
        kind: 'bug',
        code: 'messaging.answer.unserializable',
      });
    });

    it('tells at once that nobody has ever served the target of a call', async () => {
      const started = Date.now();
      await expect(
        bus.call(systemCtx(), anyCall('m'), { topic: 'compute', host: 'nowhere' }, {}, { timeoutMs: 30_000 }),
      ).rejects.toMatchObject({
        kind: 'dependency',
        code: 'messaging.unroutable',
      });
      expect(Date.now() - started).toBeLessThan(10_000);
    });

    it('gives a call up at its deadline and aborts the handler that still runs', async () => {
      let aborted = false;
      await serve(
        (_method, _args, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              aborted = true;
              setTimeout(resolve, 100);
            });
          }),
      );
      await expect(bus.call(systemCtx(), anyCall('slow'), conductor, {}, { timeoutMs: 100 })).rejects.toMatchObject({
        kind: 'deadline',
        code: 'messaging.call.timeout',
      });
      await eventually(() => aborted);
    });

    it('drops a call whose deadline passed in the queue', async () => {
      const seen: string[] = [];
      let release = (): void => undefined;
      await serve(
        async (method) => {
          seen.push(method);
          if (method === 'first') await new Promise<void>((resolve) => (release = resolve));
          return null;
        },
        { callPrefetch: 1 },
      );
      const first = bus.call(systemCtx(), anyCall('first'), conductor, {});
      await eventually(() => seen.includes('first'));
      await expect(bus.call(systemCtx(), anyCall('expired'), conductor, {}, { timeoutMs: 50 })).rejects.toMatchObject({
        code: 'messaging.call.timeout',
      });
      release();
      await first;
      await bus.call(systemCtx(), anyCall('third'), conductor, {});
      expect(seen).toEqual(['first', 'third']);
    });

    it('carries the context, without whatever else was put into it', async () => {
      const deliveries: Delivery[] = [];
      await serve(async (_method, _args, delivery) => {
        deliveries.push(delivery);
      });
      const ctx: Ctx = {
        ...systemCtx(),
        globalRequestId: 'req-g',
        principal: { userId: 'u', userName: 'Zoë', projectId: 'p', roles: ['member'], isAdmin: false },
      };
      const tainted = { ...ctx, token: 'secret', principal: { ...ctx.principal, authToken: 'secret' } } as unknown as Ctx;
      await bus.cast(tainted, anyCast('m'), conductor, {}, { messageId: 'a-message' });
      await eventually(() => deliveries.length === 1);
      expect(deliveries[0]).toMatchObject({ kind: 'cast', messageId: 'a-message', target: conductor, attempt: 1 });
      const { traceparent, ...rest } = deliveries[0]!.ctx;
      const { traceparent: sent, ...expected } = ctx;
      expect(rest).toEqual(expected);
      expect(traceparent?.slice(0, 35)).toBe(sent?.slice(0, 35));
      expect(JSON.stringify(deliveries[0]?.ctx)).not.toContain('secret');
    });

    it('gives a call its deadline, and a cast none', async () => {
      const deadlines: Array<number | undefined> = [];
      await serve(async (_method, _args, { ctx }) => {
        deadlines.push(ctx.deadline);
      });
      const deadline = Date.now() + 20_000;
      await bus.call({ ...systemCtx(), deadline }, anyCall('m'), conductor, {});
      await bus.cast({ ...systemCtx(), deadline }, anyCast('m'), conductor, {});
      await eventually(() => deadlines.length === 2);
      expect(deadlines).toEqual([deadline, undefined]);
    });

    it('keeps a cast for a host whose agent has never started', async () => {
      await bus.cast(systemCtx(), anyCast('build'), { topic: 'compute', host: 'late' }, { id: 1 });
      const seen: unknown[] = [];
      await serve(
        async (method, args, { target }) => {
          seen.push({ method, args, target });
        },
        { topic: 'compute', hosts: ['early', 'late'] },
      );
      await eventually(() => seen.length === 1);
      expect(seen).toEqual([{ method: 'build', args: { id: 1 }, target: { topic: 'compute', host: 'late' } }]);
    });

    it('gives each cast to one of the servers', async () => {
      const seen: Array<[number, unknown]> = [];
      for (const n of [1, 2]) {
        await serve(async (_method, args) => {
          seen.push([n, args]);
        });
      }
      const results = await bus.castMany(
        Array.from({ length: 40 }, (_, i) => ({
          messageId: randomUUID(),
          target: conductor,
          method: 'm',
          args: i,
          ctx: systemCtx(),
        })),
      );
      expect(new Set(results)).toEqual(new Set(['sent']));
      await eventually(() => seen.length === 40);
      expect(seen.map(([, i]) => i).sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 40 }, (_, i) => i));
      expect(new Set(seen.map(([n]) => n)).size).toBe(2);
    });

    it('keeps the order of casts to one server', async () => {
      const seen: unknown[] = [];
      await serve(
        async (_method, args) => {
          seen.push(args);
        },
        { prefetch: 1 },
      );
      for (let i = 0; i < 20; i++) await bus.cast(systemCtx(), anyCast('m'), conductor, i);
      await eventually(() => seen.length === 20);
      expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
    });

    it('has no more casts under way than the prefetch', async () => {
      let running = 0;
      let most = 0;
      let done = 0;
      await serve(
        async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 5));
          running--;
          done++;
        },
        { prefetch: 3 },
      );
      await bus.castMany(
        Array.from({ length: 12 }, () => ({
          messageId: randomUUID(),
          target: conductor,
          method: 'm',
          args: 0,
          ctx: systemCtx(),
        })),
      );
      await eventually(() => done === 12);
      expect(most).toBe(3);
    });

    it('tries a cast again after a failing dependency, counting the attempts', async () => {
      const attempts: number[] = [];
      await serve(async (_method, _args, { attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new AppError({ kind: 'dependency', code: 'placement.unavailable', message: 'down' });
      });
      await bus.cast(systemCtx(), anyCast('m'), conductor, {});
      await eventually(() => attempts.length === 3);
      expect(attempts).toEqual([1, 2, 3]);
    });

    it('buries a cast that failed for good, and replays it from there', async () => {
      const letters = openDeadLetters({ url: url(), cell });
      try {
        let broken = true;
        let handled = 0;
        await serve(async () => {
          if (broken) throw conflict('compute.instance.gone', 'It is gone.');
          handled++;
        });
        await bus.cast(systemCtx(), anyCast('m'), conductor, { id: 7 }, { messageId: 'grave' });
        await eventually(async () => (await letters.list('conductor')).length === 1);
        const letter = await letters.show('conductor', 'grave');
        expect(letter).toMatchObject({
          method: 'm',
          args: { id: 7 },
          attempt: 1,
          target: conductor,
          reason: { kind: 'conflict', code: 'compute.instance.gone', message: 'It is gone.' },
        });
        broken = false;
        expect(await letters.replay('conductor', ['other'])).toBe(0);
        expect(await letters.replay('conductor', ['grave'])).toBe(1);
        await eventually(() => handled === 1);
        expect(await letters.list('conductor')).toEqual([]);
      } finally {
        await letters.close();
      }
    });

    it('buries a cast whose retries are used up, and a cast of an unknown method; drops them', async () => {
      const letters = openDeadLetters({ url: url(), cell });
      try {
        await serve(async (method) => {
          if (method === 'bug') throw new TypeError('oops');
          throw new AppError({ kind: 'dependency', code: 'db.down', message: 'down' });
        });
        await bus.cast(systemCtx(), anyCast('down'), conductor, {});
        await bus.cast(systemCtx(), anyCast('bug'), conductor, {});
        await eventually(async () => (await letters.list('conductor')).length === 2);
        const all = await letters.list('conductor');
        expect(all.map(({ method, attempt, reason }) => [method, attempt, reason.code]).sort()).toEqual([
          ['bug', 1, 'internal.unexpected'],
          ['down', 3, 'db.down'],
        ]);
        expect(await letters.drop('conductor', 'all')).toBe(2);
        expect(await letters.list('conductor')).toEqual([]);
      } finally {
        await letters.close();
      }
    });

    it('runs a message once while it is under way, however often it is delivered', async () => {
      let runs = 0;
      let release = (): void => undefined;
      await serve(async () => {
        runs++;
        await new Promise<void>((resolve) => (release = resolve));
      });
      for (let i = 0; i < 3; i++) await bus.cast(systemCtx(), anyCast('m'), conductor, {}, { messageId: 'same' });
      await eventually(() => runs === 1);
      release();
      let after = 0;
      await serve(
        async () => {
          after++;
        },
        { topic: 'scheduler' },
      );
      await bus.cast(systemCtx(), anyCast('m'), { topic: 'scheduler' }, {});
      await eventually(() => after === 1);
      expect(runs).toBe(1);
    });

    it('tells every server of a topic, and no other', async () => {
      const seen: string[] = [];
      for (const n of ['a', 'b']) {
        await serve(
          async (method, args, { kind }) => {
            seen.push(`${n} ${kind} ${method} ${String(args)}`);
          },
          { topic: 'scheduler' },
        );
      }
      await serve(async () => {
        seen.push('conductor');
      });
      await bus.fanout(systemCtx(), anyCast('update', 'scheduler'), 5);
      await eventually(() => seen.length === 2);
      expect(seen.sort()).toEqual(['a fanout update 5', 'b fanout update 5']);
    });

    it('waits for handlers when it closes, and leaves what waits to others', async () => {
      let release = (): void => undefined;
      let began = 0;
      const seen: unknown[] = [];
      const closing = await serve(
        async (_method, args) => {
          began++;
          await new Promise<void>((resolve) => (release = resolve));
          seen.push(['first', args]);
        },
        { prefetch: 1 },
      );
      await bus.cast(systemCtx(), anyCast('m'), conductor, 1);
      await bus.cast(systemCtx(), anyCast('m'), conductor, 2);
      await eventually(() => began === 1);
      const closed = closing.close();
      release();
      await closed;
      expect(seen).toEqual([['first', 1]]);
      await serve(async (_method, args) => {
        seen.push(['second', args]);
      });
      await eventually(() => seen.length === 2);
      expect(seen[1]).toEqual(['second', 2]);
    });

    it('delivers again what was unfinished when the drain time was over', async () => {
      const seen: string[] = [];
      const closing = await serve(
        (_method, _args, { signal }) =>
          new Promise((_resolve, reject) => {
            seen.push('began');
            signal.addEventListener('abort', () => reject(signal.reason as Error));
          }),
        { drainMs: 50 },
      );
      await bus.cast(systemCtx(), anyCast('m'), conductor, {});
      await eventually(() => seen.length === 1);
      await closing.close();
      await serve(async () => {
        seen.push('taken over');
      });
      await eventually(() => seen.length === 2);
      expect(seen).toEqual(['began', 'taken over']);
    });

    it('is ready only while it consumes', async () => {
      const server = await serve(async () => null);
      expect(server.health()).toEqual({ ready: true, expected: 3, active: 3 });
      await server.close();
      expect(server.health().ready).toBe(false);
    });

    it('refuses to send after close', async () => {
      await bus.close();
      await expect(bus.cast(systemCtx(), anyCast('m'), conductor, {})).rejects.toMatchObject({ code: 'messaging.unavailable' });
      await expect(bus.call(systemCtx(), anyCall('m'), conductor, {})).rejects.toMatchObject({ code: 'messaging.unavailable' });
    });
  });
}
