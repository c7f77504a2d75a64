import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimOf, seedProviders, wipeClaims } from '../spec-support/claims.js';
import { useStore } from '../spec-support/use-store.js';
import { AllocationRepository } from './allocation.repository.js';
import { findContradictions } from './audit.js';
import { takeArguments } from './claim.mapper.js';
import { ClaimTurns } from './claim-turns.js';

const store = useStore();
let providers: string[];
beforeAll(async () => {
  providers = await seedProviders(store.db, 4, { VCPU: 2, MEMORY_MB: 1000 });
});
beforeEach(() => wipeClaims(store.db));

const SQL =
  'SELECT placement_take_each($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::uuid[], $7::text[], $8::int[]) AS taken';
const claim = (n: number, ...amounts: readonly number[]) =>
  claimOf(
    randomUUID(),
    amounts.map((amount, index) => ({ providerUuid: providers[n] ?? '', class: index === 0 ? 'VCPU' : 'MEMORY_MB', amount })),
  );

/** Few turns, so that nearly every claim is taken in a batch. */
const crowded = () =>
  new AllocationRepository(store.db, new ClaimTurns({ atOnce: 1, perProvider: 1, waitMs: 20_000, line: 1000 }));

describe('claims taken together', () => {
  it("are judged one by one, in the database's order of providers, and answered in their own", async () => {
    const warm = claim(3, 1);
    await store.db.query('SELECT placement_project_ids($1), placement_user_ids($2), placement_type_ids($3)', [
      [warm.projectId],
      [warm.userId],
      [warm.consumerType],
    ]);
    const claims = [claim(2, 1, 10), claim(0, 2), claim(0, 1), claim(1, 3), claim(2, 1)];
    const [row] = await store.db.query<{ taken: boolean[] }>(SQL, takeArguments(claims));
    expect(row?.taken).toEqual([true, true, false, false, true]);
    expect(await findContradictions(store.db, 10)).toEqual([]);
    expect(await store.db.query('SELECT uuid FROM consumers')).toHaveLength(3);
  });

  it('are granted as long as there is room, whoever asks next to whom', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(providers.length - 1), { minLength: 1, maxLength: 40 }), async (asked) => {
        await wipeClaims(store.db);
        const repository = crowded();
        const outcomes = await Promise.all(asked.map((n) => repository.claim([claim(n, 1, 7)])));
        const granted = (n: number) => outcomes.filter(({ outcome }, index) => asked[index] === n && outcome === 'ok').length;
        for (const n of new Set(asked)) expect(granted(n)).toBe(Math.min(2, asked.filter((one) => one === n).length));
        expect(outcomes.every(({ outcome }) => outcome === 'ok' || outcome === 'capacity')).toBe(true);
        expect(await findContradictions(store.db, 10)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('of one new consumer: one is granted, the others are told its generation', async () => {
    const repository = crowded();
    const consumer = randomUUID();
    const same = providers.map((providerUuid) => claimOf(consumer, [{ providerUuid, class: 'VCPU', amount: 1 }]));
    const outcomes = await Promise.all([...same, ...same].map((one) => repository.claim([one])));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([...new Array<string>(7).fill('consumer-conflict'), 'ok']);
  });

  it('go on without one whose provider somebody holds', async () => {
    const repository = crowded();
    const turns = await store.db.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM resource_providers WHERE uuid = $1 FOR UPDATE', [providers[1]]);
      const held = repository.claim([claim(0, 1)]);
      const stuck = repository.claim([claim(1, 1)]);
      const others = [2, 3].map((n) => repository.claim([claim(n, 1)]));
      expect((await Promise.all([held, ...others])).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
      return [stuck];
    });
    expect(await Promise.all(turns)).toEqual([{ outcome: 'ok' }]);
  });
});
