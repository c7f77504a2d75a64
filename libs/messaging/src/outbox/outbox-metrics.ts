import { type Metrics, sharedReading } from '@kilonova/observability';
import type { OutboxStats } from './outbox.repository.js';

/** What an outbox says about itself. */
export interface OutboxReadings {
  stats(): Promise<OutboxStats>;
}

/**
 * Gauges of what waits in an outbox, asked for when they are scraped, once a second at most; not a number while its database
 * does not answer. `outbox` names the database.
 */
export function outboxMetrics(metrics: Metrics, outbox: string, relay: OutboxReadings): void {
  const read = sharedReading(() => relay.stats(), UNKNOWN);
  const pending = metrics.gauge('outbox_pending', 'Casts that wait to be sent; 10000 stands for more.', ['outbox']);
  const oldest = metrics.gauge('outbox_oldest_seconds', 'Age of the oldest cast that waits to be sent.', ['outbox']);
  Object.assign(pending, { collect: async () => pending.set({ outbox }, (await read()).pending) });
  Object.assign(oldest, { collect: async () => oldest.set({ outbox }, (await read()).oldestSeconds) });
}

const UNKNOWN: OutboxStats = { pending: Number.NaN, oldestSeconds: Number.NaN };
