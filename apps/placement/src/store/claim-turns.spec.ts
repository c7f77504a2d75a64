import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClaimTurns } from './claim-turns.js';

const LIMITS = { atOnce: 4, perProvider: 2, waitMs: 10_000, line: 1000 };
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('keeps to its limits, serves everybody, and each provider in order', async () => {
  const claims = fc.array(fc.record({ provider: fc.constantFrom('a', 'b', 'c'), ticks: fc.nat(4), fails: fc.boolean() }), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(claims, async (asked) => {
      const turns = new ClaimTurns(LIMITS);
      const now = new Map<string, number>();
      const begun = new Map<string, number[]>();
      const run = async (index: number): Promise<void> => {
        const { provider, ticks, fails } = asked[index] as (typeof asked)[number];
        begun.set(provider, [...(begun.get(provider) ?? []), index]);
        now.set(provider, (now.get(provider) ?? 0) + 1);
        expect(now.get(provider)).toBeLessThanOrEqual(LIMITS.perProvider);
        expect([...now.values()].reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(LIMITS.atOnce);
        for (let n = 0; n < ticks; n++) await tick();
        now.set(provider, (now.get(provider) ?? 0) - 1);
        if (fails) throw new Error('refused');
      };
      const results = await Promise.allSettled(asked.map(({ provider }, index) => turns.run(provider, () => run(index))));
      expect(results.map(({ status }) => status === 'rejected')).toEqual(asked.map(({ fails }) => fails));
      for (const order of begun.values()) expect(order).toEqual(order.toSorted((a, b) => a - b));
    }),
  );
});

it('goes on with other providers while the claims of one are stuck', async () => {
  const turns = new ClaimTurns(LIMITS);
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => void (release = resolve));
  const stuck = Array.from({ length: 10 }, () => turns.run('stuck', () => released));
  await expect(turns.run('other', () => Promise.resolve('done'))).resolves.toBe('done');
  release();
  await Promise.all(stuck);
});

it('refuses who would wait too long, or behind too many, and forgets them', async () => {
  const turns = new ClaimTurns({ atOnce: 1, perProvider: 1, waitMs: 20, line: 1 });
  let end: () => void = () => undefined;
  const first = turns.run('a', () => new Promise<void>((resolve) => void (end = resolve)));
  const refused = { kind: 'dependency', code: 'placement.claims.overloaded' };
  const second = expect(turns.run('a', () => Promise.resolve('never'))).rejects.toMatchObject(refused);
  await expect(turns.run('a', () => Promise.resolve('never'))).rejects.toMatchObject(refused);
  await second;
  end();
  await first;
  await expect(turns.run('a', () => Promise.resolve('now'))).resolves.toBe('now');
});
