import fc from 'fast-check';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { ConsumerClaim } from '../model/allocation.js';
import { claimOf, seedProviders, uuidOf, wipeClaims } from '../spec-support/claims.js';
import { useStore } from '../spec-support/use-store.js';
import { AllocationRepository } from './allocation.repository.js';
import { findContradictions } from './audit.js';

const TOTALS: Readonly<Record<string, number>> = { VCPU: 6, DISK_GB: 9 };
const store = useStore();
let repository: AllocationRepository;
let providers: string[];

beforeAll(async () => {
  repository = new AllocationRepository(store.db);
  providers = await seedProviders(store.db, 3, TOTALS);
});
beforeEach(() => wipeClaims(store.db));

const wanted = fc.record({
  provider: fc.nat(2),
  class: fc.constantFrom('VCPU', 'DISK_GB'),
  amount: fc.integer({ min: 1, max: 5 }),
});
const claims = fc
  .uniqueArray(
    fc.record({
      consumer: fc.nat(4),
      wants: fc.uniqueArray(wanted, { maxLength: 3, selector: (w) => `${w.provider}${w.class}` }),
    }),
    {
      minLength: 1,
      maxLength: 2,
      selector: (claim) => claim.consumer,
    },
  )
  .map((parts) => parts.map(({ consumer, wants }) => ({ consumer: uuidOf(2, consumer), wants })));
type Claims = readonly {
  readonly consumer: string;
  readonly wants: readonly { provider: number; class: string; amount: number }[];
}[];

const toClaims = (parts: Claims): ConsumerClaim[] =>
  parts.map(({ consumer, wants }) =>
    claimOf(
      consumer,
      wants.map((w) => ({ providerUuid: providers[w.provider] as string, class: w.class, amount: w.amount })),
      { generation: undefined },
    ),
  );

/** What claims one after another come to, said plainly. */
class Ledger {
  readonly held = new Map<string, Map<string, number>>();

  apply(parts: Claims): 'ok' | 'capacity' {
    const next = new Map(this.held);
    for (const { consumer, wants } of parts)
      next.set(consumer, new Map(wants.map((w) => [`${w.provider}/${w.class}`, w.amount])));
    const sum = (of: ReadonlyMap<string, Map<string, number>>, key: string): number =>
      [...of.values()].reduce((all, held) => all + (held.get(key) ?? 0), 0);
    const keys = parts.flatMap(({ wants }) => wants.map((w) => [`${w.provider}/${w.class}`, TOTALS[w.class] as number] as const));
    if (keys.some(([key, total]) => sum(next, key) > total)) return 'capacity';
    for (const [consumer, held] of next) this.held.set(consumer, held);
    return 'ok';
  }
}

it('one after another, claims are granted and refused as a plain ledger would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(claims, { maxLength: 8 }), async (requests) => {
      await wipeClaims(store.db);
      const ledger = new Ledger();
      for (const parts of requests) expect((await repository.claim(toClaims(parts))).outcome).toBe(ledger.apply(parts));
      expect(await findContradictions(store.db, 10)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it('at the same time, claims never leave more used than there is, and sums stay true', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(claims, { minLength: 2, maxLength: 16 }), async (requests) => {
      await wipeClaims(store.db);
      const outcomes = await Promise.all(requests.map((parts) => repository.claim(toClaims(parts))));
      expect(outcomes.every(({ outcome }) => outcome === 'ok' || outcome === 'capacity')).toBe(true);
      expect(await findContradictions(store.db, 10)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
