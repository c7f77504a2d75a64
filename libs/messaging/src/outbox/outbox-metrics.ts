import type { Metrics } from '@kilonova/observability';
import type { OutboxRelay } from './outbox-relay.js';

/** Gauges of what waits in an outbox, asked for when they are scraped. `outbox` names the database. */
export function outboxMetrics(metrics: Metrics, outbox: string, relay: OutboxRelay): void {
  const pending = metrics.gauge('outbox_pending', 'Casts that wait to be sent.', ['outbox']);
  const oldest = metrics.gauge('outbox_oldest_seconds', 'Age of the oldest cast that waits to be sent.', ['outbox']);
  Object.assign(pending, { collect: async () => pending.set({ outbox }, (await relay.stats()).pending) });
  Object.assign(oldest, { collect: async () => oldest.set({ outbox }, (await relay.stats()).oldestSeconds) });
}
