import { describe, expect, it } from 'vitest';
import { Health } from './health.js';

describe('readiness', () => {
  it('is what all checks say, and a check that throws says no', async () => {
    const health = new Health().add('good', () => ({ ok: true })).add('bad', () => Promise.reject(new Error('no database')));
    expect(await health.report()).toEqual({ ready: false, checks: { good: { ok: true }, bad: { ok: false, detail: 'no database' } } });
  });
});
