import { expect, it } from 'vitest';
import { type BreakerState, Breakers } from './breakers.js';
import { HealthChecks } from './health.js';
import { createMetrics } from './metrics.js';

it('an open breaker is told in readiness, which it does not end, and in metrics', async () => {
  const states: Record<string, BreakerState> = { read: 'open', write: 'half-open' };
  const breakers = new Breakers().add(() => [['cell1', 'closed']]);
  breakers.watch({ service: 'placement', states: () => states });
  const health = new HealthChecks().add('database', { run: () => ({ ok: true }) });
  const metrics = createMetrics({ service: 'a' });
  breakers.showIn(health, metrics);
  expect(await health.report()).toEqual({
    ready: true,
    checks: { database: { ok: true }, breakers: { ok: false, detail: 'placement read is open, placement write is half-open' } },
  });
  const { text } = await metrics.expose();
  expect(text).toMatch(/kilonova_breaker_open\{.*breaker="placement read".*\} 1\n/);
  expect(text).toMatch(/kilonova_breaker_open\{.*breaker="placement write".*\} 0.5\n/);
  expect(text).toMatch(/kilonova_breaker_open\{.*breaker="cell1".*\} 0\n/);
  states['read'] = states['write'] = 'closed';
  expect((await health.report()).checks['breakers']).toEqual({ ok: true });
});
