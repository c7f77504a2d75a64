import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimOf, seedProviders, wipeClaims } from '../spec-support/claims.js';
import { useStore } from '../spec-support/use-store.js';
import { AllocationRepository } from './allocation.repository.js';
import { findContradictions } from './audit.js';
import type { PlacementDatabase } from './sql.js';

const store = useStore();
let repository: AllocationRepository;
let providers: string[];

beforeAll(async () => {
  repository = new AllocationRepository(store.db);
  providers = await seedProviders(store.db, 6, { VCPU: 20, MEMORY_MB: 1000, DISK_GB: 1_000_000 });
});
beforeEach(() => wipeClaims(store.db));

const provider = (n: number): string => providers[n] as string;
const want = (n: number, amount: number, name = 'VCPU') => ({ providerUuid: provider(n), class: name, amount });
const together = <T>(count: number, task: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => task(n)));
const count = (outcomes: readonly { outcome: string }[], outcome: string): number =>
  outcomes.filter((each) => each.outcome === outcome).length;

describe('claims at the same time', () => {
  it('that fit all succeed, on one provider, without a conflict', async () => {
    const outcomes = await together(20, () => repository.claim([claimOf(randomUUID(), [want(0, 1), want(0, 10, 'MEMORY_MB')])]));
    expect(count(outcomes, 'ok')).toBe(20);
  });

  it('never take more than there is, and refuse only what does not fit', async () => {
    const outcomes = await together(60, () => repository.claim([claimOf(randomUUID(), [want(1, 1)])]));
    expect([count(outcomes, 'ok'), count(outcomes, 'capacity')]).toEqual([20, 40]);
    expect(await findContradictions(store.db, 10)).toEqual([]);
  });

  it('of several providers, named in any order, do not wait for each other in a circle', async () => {
    const outcomes = await together(40, (n) =>
      repository.claim([claimOf(randomUUID(), [want(n % 6, 1), want((n * 5 + 2) % 6, 1), want((n * 3 + 1) % 6, 1)])]),
    );
    expect(count(outcomes, 'ok') + count(outcomes, 'capacity')).toBe(40);
    expect(await findContradictions(store.db, 10)).toEqual([]);
  });

  it('of one new consumer: one is granted, the others are told its generation', async () => {
    const consumer = randomUUID();
    const outcomes = await together(12, () => repository.claim([claimOf(consumer, [want(2, 1)])]));
    expect([count(outcomes, 'ok'), count(outcomes, 'consumer-conflict')]).toEqual([1, 11]);
    expect((await repository.ofConsumer(consumer))?.consumerGeneration).toBe(1);
  });

  it('and releases of the same consumer leave nothing behind', async () => {
    const consumer = randomUUID();
    const claim = () => repository.claim([claimOf(consumer, [want(3, 1)], { generation: undefined })]);
    await Promise.all(Array.from({ length: 30 }, (_, n) => (n % 3 === 0 ? repository.release(consumer) : claim())));
    await repository.release(consumer);
    expect(await findContradictions(store.db, 10)).toEqual([]);
    expect(await store.db.query('SELECT 1 FROM consumers')).toEqual([]);
  });

  it('that move consumers back and forth keep every sum right', async () => {
    const consumers = Array.from({ length: 8 }, () => randomUUID());
    const move = (n: number) =>
      repository.claim([
        claimOf(consumers[n % 8] as string, [want(n % 6, 2)], { generation: undefined }),
        claimOf(consumers[(n + 3) % 8] as string, n % 4 === 0 ? [] : [want((n + 1) % 6, 3)], { generation: undefined }),
      ]);
    const outcomes = await together(80, move);
    expect(count(outcomes, 'ok') + count(outcomes, 'capacity')).toBe(80);
    expect(await findContradictions(store.db, 10)).toEqual([]);
  });
});

describe('a claim', () => {
  it('may shrink on a provider that is over its capacity, but not grow', async () => {
    const consumer = randomUUID();
    await repository.claim([claimOf(consumer, [want(4, 20)])]);
    await store.db.query(
      'UPDATE inventories i SET total = 10 FROM resource_providers p WHERE p.id = i.resource_provider_id AND p.uuid = $1',
      [provider(4)],
    );
    expect(await repository.claim([claimOf(consumer, [want(4, 18)], { generation: 1 })])).toEqual({ outcome: 'ok' });
    expect(await repository.claim([claimOf(consumer, [want(4, 19)], { generation: 2 })])).toMatchObject({ outcome: 'capacity' });
  });

  it('counts what it gives back before it takes', async () => {
    const [from, to] = [randomUUID(), randomUUID()];
    await repository.claim([claimOf(from, [want(5, 20)])]);
    const swap = [claimOf(to, [want(5, 20)]), claimOf(from, [], { generation: 1 })];
    expect(await repository.claim(swap)).toEqual({ outcome: 'ok' });
    expect(await repository.ofConsumer(from)).toBeUndefined();
  });

  it('adds up rows of one provider and class', async () => {
    expect(await repository.claim([claimOf(randomUUID(), [want(0, 11), want(0, 10)])])).toMatchObject({ outcome: 'capacity' });
    expect(await repository.claim([claimOf(randomUUID(), [want(0, 9), want(0, 10)])])).toEqual({ outcome: 'ok' });
  });

  it('that is refused leaves neither consumer nor generation', async () => {
    const before = await store.db.query('SELECT id, generation FROM resource_providers ORDER BY id');
    const consumer = randomUUID();
    await repository.claim([claimOf(randomUUID(), [want(1, 1)]), claimOf(consumer, [want(0, 21)])]);
    expect(await store.db.query('SELECT 1 FROM consumers')).toEqual([]);
    expect(await store.db.query('SELECT id, generation FROM resource_providers ORDER BY id')).toEqual(before);
  });

  it('without a type leaves the one that is known', async () => {
    const consumer = randomUUID();
    await repository.claim([claimOf(consumer, [want(1, 1)])]);
    await repository.claim([claimOf(consumer, [want(1, 2)], { generation: 1, consumerType: undefined, projectId: 'another' })]);
    expect(await repository.ofConsumer(consumer)).toMatchObject({
      consumerType: 'INSTANCE',
      projectId: 'another',
      consumerGeneration: 2,
    });
  });
});

it('reads a bounded number of rows for each claim and release, however many there have been, under plans made before', async () => {
  const wants = [want(5, 1, 'DISK_GB')];
  const CLAIMS = 300;
  const read = await store.db.transaction(async (tx) => {
    const repo = new AllocationRepository(tx as PlacementDatabase);
    for (let n = 0; n < CLAIMS; n++) await repo.claim([claimOf(randomUUID(), wants)]);
    for (let n = 0; n < CLAIMS; n++) {
      const consumer = randomUUID();
      await repo.claim([claimOf(consumer, wants)]);
      await repo.release(consumer);
    }
    return tx.query<{ table: string; rows: number }>(
      `SELECT relname AS table, (seq_tup_read + idx_tup_fetch)::int AS rows FROM pg_stat_xact_user_tables
        WHERE relname IN ('consumers', 'allocations') ORDER BY relname`,
    );
  });
  for (const { table, rows } of read) expect({ table, few: rows < CLAIMS * 15 }).toEqual({ table, few: true });
  expect(read).toHaveLength(2);
});
