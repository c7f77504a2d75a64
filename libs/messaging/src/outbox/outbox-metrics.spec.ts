import { createMetrics } from '@kilonova/observability';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { outboxMetrics } from './outbox-metrics.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const shown = async (stats: () => Promise<{ pending: number; oldestSeconds: number }>) => {
  const metrics = createMetrics({ service: 'test' });
  outboxMetrics(metrics, 'api', { stats });
  const exposed = metrics.expose();
  await vi.advanceTimersByTimeAsync(2_000);
  return [...(await exposed).text.matchAll(/^kilonova_outbox_(\w+)\{.*\} (.*)$/gm)].map(([, name, value]) => [name, value]);
};

it('reads an outbox once a scrape', async () => {
  const stats = vi.fn(() => Promise.resolve({ pending: 3, oldestSeconds: 1.5 }));
  expect(await shown(stats)).toEqual([
    ['pending', '3'],
    ['oldest_seconds', '1.5'],
  ]);
  expect(stats).toHaveBeenCalledTimes(1);
});

it.each([
  ['is away', () => Promise.reject(new Error('away'))],
  ['hangs', () => new Promise<never>(() => undefined)],
])('says that it does not know when the database %s', async (_how, stats) => {
  expect(await shown(stats)).toEqual([
    ['pending', 'Nan'],
    ['oldest_seconds', 'Nan'],
  ]);
});
