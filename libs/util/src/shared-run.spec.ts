import { describe, expect, it } from 'vitest';
import { SharedRun } from './shared-run.js';

/** A task whose runs end when told to. */
function controlled() {
  const runs: { end: (value: string) => void; fail: (error: Error) => void }[] = [];
  const shared = new SharedRun<string>(() => new Promise((end, fail) => runs.push({ end, fail })));
  return { runs, shared };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('SharedRun', () => {
  it('serves a caller only with a run that began after it asked', async () => {
    const { runs, shared } = controlled();
    const first = shared.next();
    const late = [shared.next(), shared.next()];
    expect(runs).toHaveLength(1);
    runs[0]!.end('first');
    expect(await first).toBe('first');
    await settle();
    expect(runs).toHaveLength(2);
    const later = shared.next();
    runs[1]!.end('second');
    expect(await Promise.all(late)).toEqual(['second', 'second']);
    await settle();
    runs[2]!.end('third');
    expect(await later).toBe('third');
    expect(runs).toHaveLength(3);
  });

  it('fails those that waited for a failed run, and goes on', async () => {
    const { runs, shared } = controlled();
    const first = shared.next();
    const second = shared.next();
    runs[0]!.fail(new Error('cut off'));
    await expect(first).rejects.toThrow('cut off');
    await settle();
    runs[1]!.end('again');
    expect(await second).toBe('again');
    const third = shared.next();
    runs[2]!.end('idle start');
    expect(await third).toBe('idle start');
  });
});
