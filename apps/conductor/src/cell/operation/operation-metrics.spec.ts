import { createMetrics } from '@kilonova/observability';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { operationMetrics } from './operation-metrics.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Read = Parameters<typeof operationMetrics>[1];
const STOP = { step: 'stop_instance', state: 'taken', count: 3, oldest_seconds: 12.5 } as const;

function scraped(read: Read) {
  const metrics = createMetrics({ service: 'test' });
  operationMetrics(metrics, read);
  return async () => {
    const text = metrics.registry.metrics();
    await vi.advanceTimersByTimeAsync(1_500);
    return [...(await text).matchAll(/^kilonova_(operation\w+)\{step="(\w+)",state="(\w+)".*\} (.*)$/gm)].map((found) =>
      found.slice(1).join(' '),
    );
  };
}

it('tells how many operations are at a step, and for how long, from one reading a scrape', async () => {
  const read = vi.fn<Read>(() => Promise.resolve([STOP]));
  const scrape = scraped(read);
  expect(await scrape()).toEqual(['operations stop_instance taken 3', 'operation_oldest_seconds stop_instance taken 12.5']);
  expect(read).toHaveBeenCalledTimes(1);
});

it('forgets what has ended', async () => {
  const read = vi.fn<Read>().mockResolvedValueOnce([STOP]).mockResolvedValue([]);
  const scrape = scraped(read);
  expect(await scrape()).toHaveLength(2);
  expect(await scrape()).toEqual([]);
});

it.each<[string, Read]>([
  ['is away', () => Promise.reject(new Error('away'))],
  ['hangs', () => new Promise<never>(() => undefined)],
])('tells nothing when the database %s', async (_how, read) => {
  expect(await scraped(read)()).toEqual([]);
});
