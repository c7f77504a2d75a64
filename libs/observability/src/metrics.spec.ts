import { describe, expect, it, vi } from 'vitest';
import { createMetrics } from './metrics.js';

describe('metrics', () => {
  it('of several services in one process are kept apart', async () => {
    const [a, b] = [createMetrics({ service: 'a' }), createMetrics({ service: 'b' })];
    a.counter('claims_total', 'Claims', ['outcome']).inc({ outcome: 'claimed' });
    b.counter('claims_total', 'Claims', ['outcome']).inc({ outcome: 'lost' });
    expect((await a.expose()).text).toContain('kilonova_claims_total{outcome="claimed",service="a"} 1');
    expect((await a.expose()).text).not.toContain('lost');
  });

  it('tell how late the event loop is, when they are asked to', async () => {
    expect((await createMetrics({ service: 'a', process: true }).expose()).text).toContain('nodejs_eventloop_lag_seconds');
    expect((await createMetrics({ service: 'a' }).expose()).text).not.toContain('nodejs_');
  });

  it('M9: are written out once a second at most', async () => {
    const metrics = createMetrics({ service: 'a' });
    const write = vi.spyOn(metrics.registry, 'metrics');
    await Promise.all(Array.from({ length: 20 }, () => metrics.expose()));
    expect(write).toHaveBeenCalledTimes(1);
  });
});
