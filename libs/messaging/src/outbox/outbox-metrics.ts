import type { Metrics } from '@kilonova/observability';
import type { OutboxStats } from './outbox.repository.js';

/** How old a reading may be, milliseconds: two gauges of one scrape share it. */
const FRESH_MS = 1_000;
/** A database that hangs must not hold up the metrics of everything else. */
const PATIENCE_MS = 1_000;

/** What an outbox says about itself. */
export interface OutboxReadings {
  stats(): Promise<OutboxStats>;
}

/**
 * Gauges of what waits in an outbox, asked for when they are scraped, once a second at most; not a number while its database
 * does not answer. `outbox` names the database.
 */
export function outboxMetrics(metrics: Metrics, outbox: string, relay: OutboxReadings): void {
  const read = sharedReading(relay);
  const pending = metrics.gauge('outbox_pending', 'Casts that wait to be sent; 10000 stands for more.', ['outbox']);
  const oldest = metrics.gauge('outbox_oldest_seconds', 'Age of the oldest cast that waits to be sent.', ['outbox']);
  Object.assign(pending, { collect: async () => pending.set({ outbox }, (await read()).pending) });
  Object.assign(oldest, { collect: async () => oldest.set({ outbox }, (await read()).oldestSeconds) });
}

function sharedReading(relay: OutboxReadings): () => Promise<OutboxStats> {
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<OutboxStats> = Promise.resolve(UNKNOWN);
  return () => {
    const now = performance.now();
    if (now - readAt < FRESH_MS) return reading;
    readAt = now;
    reading = inTime(relay.stats()).catch(() => UNKNOWN);
    return reading;
  };
}

const UNKNOWN: OutboxStats = { pending: Number.NaN, oldestSeconds: Number.NaN };

function inTime(stats: Promise<OutboxStats>): Promise<OutboxStats> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(UNKNOWN), PATIENCE_MS);
    stats.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
