import { describe, expect, it, vi } from 'vitest';
import { HealthChecks } from './health.js';

describe('readiness', () => {
  it('is what all checks say, and a check that throws says no', async () => {
    const health = new HealthChecks()
      .add('good', { run: () => ({ ok: true }) })
      .add('bad', { run: () => Promise.reject(new Error('no database')) })
      .add('told only', { run: () => ({ ok: false }), readiness: false });
    expect(await health.report()).toEqual({
      ready: false,
      checks: { good: { ok: true }, bad: { ok: false, detail: 'no database' }, 'told only': { ok: false } },
    });
  });

  it('ends when work is to end here, whatever the checks say', async () => {
    const health = new HealthChecks().add('good', { run: () => ({ ok: true }) });
    expect((await health.report()).ready).toBe(true);
    health.drain();
    expect((await health.report()).ready).toBe(false);
  });

  it('does not wait for a check that hangs', async () => {
    vi.useFakeTimers();
    const report = new HealthChecks().add('hanging', { run: () => new Promise(() => undefined) }).report();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await report).toMatchObject({ ready: false, checks: { hanging: { detail: 'no answer within 2000 ms' } } });
    vi.useRealTimers();
  });
});
