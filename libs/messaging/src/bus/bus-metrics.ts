import type { Metrics } from '@kilonova/observability';
import type { BusObserver } from '../port/bus-observer.js';

/** An observer that counts and times into a service's metrics; make one a process and give it to buses and servers. */
export function busMetrics(metrics: Metrics): BusObserver {
  const calls = metrics.latency('bus_call', 'From a call to its answer.', ['method', 'ok']);
  const handled = metrics.latency('bus_handler', 'Handling of one message.', ['kind', 'method', 'outcome']);
  const published = metrics.counter('bus_published_total', 'Messages handed to the broker.', ['kind', 'outcome']);
  const refused = metrics.counter('bus_refused_total', 'Messages that no handler was given.', ['kind', 'code']);
  const connections = metrics.gauge('bus_connection_up', 'Whether a connection to the broker is up.', ['name']);
  return (event) => {
    switch (event.type) {
      case 'called':
        return calls.observe({ method: event.method, ok: String(event.ok) }, event.ms / 1_000);
      case 'handled':
        return handled.observe({ kind: event.kind, method: event.method, outcome: event.outcome }, event.ms / 1_000);
      case 'published':
        return published.inc({ kind: event.kind, outcome: event.outcome }, event.count);
      case 'refused':
        return refused.inc({ kind: event.kind, code: event.code });
      case 'connection':
        return connections.set({ name: event.name }, event.state === 'up' ? 1 : 0);
    }
  };
}
