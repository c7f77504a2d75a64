import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import { anyCall, anyCast } from '../spec-support/any-message.js';
import type { BusBench } from '../spec-support/bus-bench.js';

const conductor = { topic: 'conductor' } as const;

/** What a server that closes owes to the work it has begun. */
export function closingContract(bench: BusBench): void {
  it('waits for handlers when it closes, and leaves what waits to others', async () => {
    let release = (): void => undefined;
    let began = 0;
    const seen: unknown[] = [];
    const closing = await bench.serve(
      async (_method, args) => {
        began++;
        await new Promise<void>((resolve) => (release = resolve));
        seen.push(['first', args]);
      },
      { prefetch: 1 },
    );
    await bench.bus.cast(systemCtx(), anyCast('m'), conductor, 1);
    await bench.bus.cast(systemCtx(), anyCast('m'), conductor, 2);
    await eventually(() => began === 1);
    const closed = closing.close();
    release();
    await closed;
    expect(seen).toEqual([['first', 1]]);
    await bench.serve(async (_method, args) => {
      seen.push(['second', args]);
    });
    await eventually(() => seen.length === 2);
    expect(seen[1]).toEqual(['second', 2]);
  });

  it('delivers again what was unfinished when the drain time was over', async () => {
    const seen: string[] = [];
    const closing = await bench.serve(
      (_method, _args, { signal }) =>
        new Promise((_resolve, reject) => {
          seen.push('began');
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      { drainMs: 50 },
    );
    await bench.bus.cast(systemCtx(), anyCast('m'), conductor, {});
    await eventually(() => seen.length === 1);
    await closing.close();
    await bench.serve(async () => {
      seen.push('taken over');
    });
    await eventually(() => seen.length === 2);
    expect(seen).toEqual(['began', 'taken over']);
  });

  it('is ready only while it consumes', async () => {
    const server = await bench.serve(async () => null);
    expect(server.health()).toEqual({ ready: true, expected: 3, active: 3 });
    await server.close();
    expect(server.health().ready).toBe(false);
  });

  it('refuses to send after close', async () => {
    await bench.bus.close();
    await expect(bench.bus.cast(systemCtx(), anyCast('m'), conductor, {})).rejects.toMatchObject({
      code: 'messaging.unavailable',
    });
    await expect(bench.bus.call(systemCtx(), anyCall('m'), conductor, {})).rejects.toMatchObject({
      code: 'messaging.unavailable',
    });
  });
}
