import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PeriodicTask } from './periodic-task.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const HALF = () => 0.5;

describe('a periodic task', () => {
  it('runs at its interval, goes on after an error, and not after its end', async () => {
    let runs = 0;
    const errors: unknown[] = [];
    const task = new PeriodicTask(
      100,
      () => {
        runs += 1;
        return runs === 1 ? Promise.reject(new Error('once')) : Promise.resolve();
      },
      (error) => errors.push(error),
      HALF,
    );
    task.start(0);
    await vi.advanceTimersByTimeAsync(350);
    expect([runs, errors.length]).toEqual([4, 1]);
    await task.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toBe(4);
  });

  it('does not overlap itself, and its end waits for the run under way', async () => {
    let finish = (): void => undefined;
    let running = 0;
    let most = 0;
    const task = new PeriodicTask(
      10,
      async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        running -= 1;
      },
      () => undefined,
      HALF,
    );
    task.start(0);
    await vi.advanceTimersByTimeAsync(100);
    task.start(0);
    await vi.advanceTimersByTimeAsync(100);
    let ended = false;
    const stopping = task.stop().then(() => {
      ended = true;
    });
    await vi.advanceTimersByTimeAsync(10);
    expect([most, ended]).toEqual([1, false]);
    finish();
    await vi.advanceTimersByTimeAsync(10);
    finish();
    await stopping;
    expect(most).toBe(1);
  });
});
