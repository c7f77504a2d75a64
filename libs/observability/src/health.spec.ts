import { describe, expect, it } from 'vitest';
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
});
