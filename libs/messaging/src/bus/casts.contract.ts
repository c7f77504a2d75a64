import { randomUUID } from 'node:crypto';
import { eventually } from '@kilonova/testing';
import { type Ctx, systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import type { Delivery } from '../port/delivery.js';
import { anyCall, anyCast } from '../spec-support/any-message.js';
import type { BusBench } from '../spec-support/bus-bench.js';

const conductor = { topic: 'conductor' } as const;

/** Casts and fanouts: what travels along, to whom, in which order, how many at once. */
export function castsContract(bench: BusBench): void {
  it('carries the context, without whatever else was put into it', async () => {
    const deliveries: Delivery[] = [];
    await bench.serve(async (_method, _args, delivery) => {
      deliveries.push(delivery);
    });
    const ctx: Ctx = {
      ...systemCtx(),
      globalRequestId: 'req-g',
      principal: { userId: 'u', userName: 'Zoë', projectId: 'p', roles: ['member'], isAdmin: false },
    };
    const tainted = { ...ctx, token: 'secret', principal: { ...ctx.principal, authToken: 'secret' } } as unknown as Ctx;
    await bench.bus.cast(tainted, anyCast('m'), conductor, {}, { messageId: 'a-message' });
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
    await bench.serve(async (_method, _args, { ctx }) => {
      deadlines.push(ctx.deadline);
    });
    const deadline = Date.now() + 20_000;
    await bench.bus.call({ ...systemCtx(), deadline }, anyCall('m'), conductor, {});
    await bench.bus.cast({ ...systemCtx(), deadline }, anyCast('m'), conductor, {});
    await eventually(() => deadlines.length === 2);
    expect(deadlines).toEqual([deadline, undefined]);
  });

  it('keeps a cast for a host whose agent has never started', async () => {
    await bench.bus.cast(systemCtx(), anyCast('build'), { topic: 'compute', host: 'late' }, { id: 1 });
    const seen: unknown[] = [];
    await bench.serve(
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
      await bench.serve(async (_method, args) => {
        seen.push([n, args]);
      });
    }
    const results = await bench.bus.castMany(
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
    await bench.serve(
      async (_method, args) => {
        seen.push(args);
      },
      { prefetch: 1 },
    );
    for (let i = 0; i < 20; i++) await bench.bus.cast(systemCtx(), anyCast('m'), conductor, i);
    await eventually(() => seen.length === 20);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('has no more casts under way than the prefetch', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    await bench.serve(
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        done++;
      },
      { prefetch: 3 },
    );
    await bench.bus.castMany(
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

  it('runs a message once while it is under way, however often it is delivered', async () => {
    let runs = 0;
    let release = (): void => undefined;
    await bench.serve(async () => {
      runs++;
      await new Promise<void>((resolve) => (release = resolve));
    });
    for (let i = 0; i < 3; i++) await bench.bus.cast(systemCtx(), anyCast('m'), conductor, {}, { messageId: 'same' });
    await eventually(() => runs === 1);
    release();
    let after = 0;
    await bench.serve(
      async () => {
        after++;
      },
      { topic: 'scheduler' },
    );
    await bench.bus.cast(systemCtx(), anyCast('m'), { topic: 'scheduler' }, {});
    await eventually(() => after === 1);
    expect(runs).toBe(1);
  });

  it('tells every server of a topic, and no other', async () => {
    const seen: string[] = [];
    for (const n of ['a', 'b']) {
      await bench.serve(
        async (method, args, { kind }) => {
          seen.push(`${n} ${kind} ${method} ${String(args)}`);
        },
        { topic: 'scheduler' },
      );
    }
    await bench.serve(async () => {
      seen.push('conductor');
    });
    await bench.bus.fanout(systemCtx(), anyCast('update', 'scheduler'), 5);
    await eventually(() => seen.length === 2);
    expect(seen.sort()).toEqual(['a fanout update 5', 'b fanout update 5']);
  });
}
