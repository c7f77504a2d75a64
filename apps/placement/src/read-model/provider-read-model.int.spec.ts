import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { World } from '../model/world/index.js';
import { ProviderReadModel } from './provider-read-model.js';
import { pruneChanges } from './prune-changes.js';
import { startTestDatabase, type TestDatabase } from './spec-support/test-database.js';

let db: TestDatabase;
let model: ProviderReadModel;

beforeAll(async () => {
  db = await startTestDatabase();
  await run(`INSERT INTO resource_classes (id, name) VALUES (0, 'VCPU')`);
  await run('INSERT INTO placement_aggregates (id, uuid) VALUES (5, gen_random_uuid())');
});
afterAll(() => db?.stop());
beforeEach(async () => {
  for (const table of ['inventories', 'resource_provider_traits', 'resource_provider_aggregates', 'resource_providers', 'traits'])
    await run(`DELETE FROM ${table}`);
  model = new ProviderReadModel(db.sql);
  await model.fresh();
});

const run = (text: string, ...values: unknown[]): Promise<{ id: number }[]> => db.sql.query<{ id: number }>(text, values);

async function addProvider(name: string): Promise<number> {
  const [row] = await run('INSERT INTO resource_providers (uuid, name) VALUES ($1, $2) RETURNING id', randomUUID(), name);
  await run('UPDATE resource_providers SET root_provider_id = id WHERE id = $1', row!.id);
  return row!.id;
}

const names = (world: World): string[] => world.providers.name.filter((name) => name !== undefined).sort();
const usedOf = (world: World, id: number): number[] => world.inventories(world.providers.indexOf(id)!).map(({ used }) => used);

describe('ProviderReadModel', () => {
  it('includes every write that was acknowledged before', async () => {
    const id = await addProvider('cn1');
    await run('INSERT INTO traits (id, name) VALUES (1, $1)', 'CUSTOM_A');
    await run(
      'INSERT INTO inventories (resource_provider_id, resource_class_id, total, allocation_ratio) VALUES ($1, 0, 8, 1.5)',
      id,
    );
    await run('INSERT INTO resource_provider_traits (resource_provider_id, trait_id) VALUES ($1, 1)', id);
    await run('INSERT INTO resource_provider_aggregates (resource_provider_id, aggregate_id) VALUES ($1, 5)', id);
    const world = await model.fresh();
    expect(world.state(world.providers.indexOf(id)!)).toMatchObject({
      name: 'cn1',
      rootId: id,
      parentId: null,
      traitIds: [1],
      aggregateIds: [5],
      inventories: [{ classId: 0, total: 8, allocationRatio: 1.5, used: 0 }],
    });
    expect(world.traits.id('CUSTOM_A')).toBe(1);
    await run('UPDATE inventories SET used = 3 WHERE resource_provider_id = $1', id);
    expect(usedOf(await model.fresh(), id)).toEqual([3]);
    expect(model.counters).toMatchObject({ loads: 1, refreshes: 2 });
  });

  it('follows deletions of providers and of what belongs to them', async () => {
    const [a, b] = [await addProvider('a'), await addProvider('b')];
    await run('INSERT INTO inventories (resource_provider_id, resource_class_id, total) VALUES ($1, 0, 8), ($2, 0, 8)', a, b);
    await model.fresh();
    await run('DELETE FROM inventories');
    await run('DELETE FROM resource_providers WHERE id = $1', a);
    const world = await model.fresh();
    expect(names(world)).toEqual(['b']);
    expect(usedOf(world, b)).toEqual([]);
  });

  it('misses nothing that commits out of order', async () => {
    const early = await db.connect();
    try {
      await early.query('BEGIN');
      await early.query(`INSERT INTO resource_providers (uuid, name) VALUES (gen_random_uuid(), 'early')`);
      await addProvider('late');
      expect(names(await model.fresh())).toEqual(['late']);
      await addProvider('later');
      expect(names(await model.fresh())).toEqual(['late', 'later']);
      await early.query('COMMIT');
      expect(names(await model.fresh())).toEqual(['early', 'late', 'later']);
    } finally {
      await early.end();
    }
  });

  it('sees the last writer although an older transaction wrote over a newer mark', async () => {
    const id = await addProvider('cn1');
    await run('INSERT INTO inventories (resource_provider_id, resource_class_id, total) VALUES ($1, 0, 8)', id);
    const older = await db.connect();
    try {
      await older.query('BEGIN; SELECT pg_current_xact_id()');
      await run('UPDATE inventories SET used = 1 WHERE resource_provider_id = $1', id);
      expect(usedOf(await model.fresh(), id)).toEqual([1]);
      await older.query('UPDATE inventories SET used = used + 1 WHERE resource_provider_id = $1', [id]);
      expect(usedOf(await model.fresh(), id)).toEqual([1]);
      await older.query('COMMIT');
      expect(usedOf(await model.fresh(), id)).toEqual([2]);
    } finally {
      await older.end();
    }
  });

  it('is never behind concurrent writers, and ends where the database is', async () => {
    const ids = await Promise.all(['a', 'b', 'c'].map(addProvider));
    for (const id of ids)
      await run('INSERT INTO inventories (resource_provider_id, resource_class_id, total) VALUES ($1, 0, 1000)', id);
    const writer = async (id: number): Promise<void> => {
      for (let count = 1; count <= 40; count += 1) {
        await run('UPDATE inventories SET used = used + 1 WHERE resource_provider_id = $1', id);
        expect(usedOf(await model.fresh(), id)[0]).toBeGreaterThanOrEqual(count);
      }
    };
    await Promise.all(ids.map(writer));
    expect(ids.map((id) => usedOf(model.current!, id))).toEqual([[40], [40], [40]]);
    expect(model.counters.loads).toBe(1);
  });

  it('asks once for all who ask while it is asking', async () => {
    await model.fresh();
    const before = model.counters.refreshes;
    await Promise.all(Array.from({ length: 10 }, () => model.fresh()));
    expect(model.counters.refreshes - before).toBe(2);
  });

  it('loads anew when the marks it would need were pruned', async () => {
    await addProvider('a');
    expect(await pruneChanges(db.sql, 3600)).toBe(0);
    expect(await pruneChanges(db.sql, -1)).toBeGreaterThan(0);
    expect(names(await model.fresh())).toEqual(['a']);
    expect(model.counters.loads).toBe(2);
    await addProvider('b');
    expect(names(await model.fresh())).toEqual(['a', 'b']);
    expect(model.counters.loads).toBe(2);
  });

  it.each(['resource_providers', 'resource_providers, model_changes, model_state'])(
    'loads anew after TRUNCATE %s',
    async (tables) => {
      await addProvider('a');
      await model.fresh();
      await run(`TRUNCATE ${tables} CASCADE`);
      expect(names(await model.fresh())).toEqual([]);
      expect(model.counters.loads).toBe(2);
    },
  );

  it('forgets names that are gone and takes over renamed ones', async () => {
    await run(`INSERT INTO traits (id, name) VALUES (7, 'CUSTOM_OLD'), (8, 'CUSTOM_GONE')`);
    await model.fresh();
    await run(`UPDATE traits SET name = 'CUSTOM_NEW' WHERE id = 7`);
    await run('DELETE FROM traits WHERE id = 8');
    const { traits } = await model.fresh();
    expect([traits.id('CUSTOM_OLD'), traits.id('CUSTOM_NEW'), traits.id('CUSTOM_GONE')]).toEqual([undefined, 7, undefined]);
  });

  it('searches what it read, in slices when there is much to do', async () => {
    await run(`INSERT INTO resource_providers (uuid, name) SELECT gen_random_uuid(), 'host' || n FROM generate_series(1, 300) n`);
    await run('UPDATE resource_providers SET root_provider_id = id');
    await run('INSERT INTO inventories (resource_provider_id, resource_class_id, total) SELECT id, 0, 8 FROM resource_providers');
    const world = await model.fresh();
    const group = { resources: new Map([[0, 1]]), required: [], forbidden: [], memberOf: [], forbiddenAggregates: [] };
    const result = await model.search(world, { groups: new Map([['', group]]) }, { nestedAware: true, sliceSteps: 50 });
    expect(result.requests).toHaveLength(300);
    expect(model.counters.slicedSearches).toBe(1);
  });

  it('loads anew after the server was restarted', async () => {
    await addProvider('a');
    await model.fresh();
    await db.restart();
    await addProvider('b');
    expect(names(await model.fresh())).toEqual(['a', 'b']);
    expect(model.counters.loads).toBe(2);
  });
});
