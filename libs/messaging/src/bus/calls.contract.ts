import { eventually } from '@kilonova/testing';
import { AppError, conflict, systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import { anyCall } from '../spec-support/any-message.js';
import type { BusBench } from '../spec-support/bus-bench.js';

const conductor = { topic: 'conductor' } as const;

/** Calls: responses, errors, deadlines. */
export function callsContract(bench: BusBench): void {
  it('answers a call with what the handler returned', async () => {
    await bench.serve(async (method, args) => ({ method, args }));
    expect(await bench.bus.call(systemCtx(), anyCall('ping'), conductor, { n: 1 })).toEqual({ method: 'ping', args: { n: 1 } });
  });

  it('answers null for a handler that returns nothing', async () => {
    await bench.serve(async () => undefined);
    expect(await bench.bus.call(systemCtx(), anyCall('ping'), conductor, undefined)).toBeNull();
  });

  it('never shares objects between the two ends', async () => {
    const seen: unknown[] = [];
    const kept = { list: [1] };
    await bench.serve(async (_method, args) => {
      seen.push(args);
      return kept;
    });
    const sent = { deep: { a: 1 } };
    const got = await bench.bus.call(systemCtx(), anyCall<{ list: number[] }>('m'), conductor, sent);
    got.list.push(2);
    sent.deep.a = 2;
    expect(seen).toEqual([{ deep: { a: 1 } }]);
    expect(kept.list).toEqual([1]);
  });

  it('rebuilds the error that the handler threw', async () => {
    await bench.serve(async () => {
      throw conflict('compute.instance.busy', 'The instance is busy.', { task: 'resize_prep' });
    });
    const error = await bench.bus.call(systemCtx(), anyCall('m'), conductor, {}).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      kind: 'conflict',
      code: 'compute.instance.busy',
      message: 'The instance is busy.',
      details: { task: 'resize_prep' },
    });
  });

  it('makes a bug of an unexpected error', async () => {
    await bench.serve(async () => {
      throw new TypeError('x is undefined');
    });
    await expect(bench.bus.call(systemCtx(), anyCall('m'), conductor, {})).rejects.toMatchObject({
      kind: 'bug',
      code: 'internal.unexpected',
    });
  });

  it('answers a bug for a result that cannot be written', async () => {
    await bench.serve(async () => {
      const circle: Record<string, unknown> = {};
      circle['self'] = circle;
      return circle;
    });
    await expect(bench.bus.call(systemCtx(), anyCall('m'), conductor, {})).rejects.toMatchObject({
      kind: 'bug',
      code: 'messaging.answer.unserializable',
    });
  });

  it('tells at once that nobody has ever served the target of a call', async () => {
    const started = Date.now();
    await expect(
      bench.bus.call(systemCtx(), anyCall('m'), { topic: 'compute', host: 'nowhere' }, {}, { timeoutMs: 30_000 }),
    ).rejects.toMatchObject({
      kind: 'dependency',
      code: 'messaging.unroutable',
    });
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('gives a call up at its deadline and aborts the handler that still runs', async () => {
    let aborted = false;
    await bench.serve(
      (_method, _args, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            setTimeout(resolve, 100);
          });
        }),
    );
    await expect(bench.bus.call(systemCtx(), anyCall('slow'), conductor, {}, { timeoutMs: 100 })).rejects.toMatchObject({
      kind: 'deadline',
      code: 'messaging.call.timeout',
    });
    await eventually(() => aborted);
  });

  it('drops a call whose deadline passed in the queue', async () => {
    const seen: string[] = [];
    let release = (): void => undefined;
    await bench.serve(
      async (method) => {
        seen.push(method);
        if (method === 'first') await new Promise<void>((resolve) => (release = resolve));
        return null;
      },
      { callPrefetch: 1 },
    );
    const first = bench.bus.call(systemCtx(), anyCall('first'), conductor, {});
    await eventually(() => seen.includes('first'));
    await expect(bench.bus.call(systemCtx(), anyCall('expired'), conductor, {}, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'messaging.call.timeout',
    });
    release();
    await first;
    await bench.bus.call(systemCtx(), anyCall('third'), conductor, {});
    expect(seen).toEqual(['first', 'third']);
  });
}
