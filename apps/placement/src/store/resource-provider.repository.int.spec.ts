import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useStore } from '../spec-support/use-store.js';
import { ResourceProviderRepository } from './resource-provider.repository.js';

const store = useStore();
let repository: ResourceProviderRepository;
beforeAll(() => {
  repository = new ResourceProviderRepository(store.db);
});

async function make(parentUuid: string | null = null): Promise<string> {
  const uuid = randomUUID();
  expect(await repository.create({ uuid, name: uuid, parentUuid })).toMatchObject({ outcome: 'created' });
  return uuid;
}

/** Providers whose noted root is not the top of their line of parents. */
const misrooted = () =>
  store.db.query(`
    WITH RECURSIVE up AS (
      SELECT id AS start, id, parent_provider_id FROM resource_providers
      UNION ALL SELECT up.start, p.id, p.parent_provider_id FROM up JOIN resource_providers p ON p.id = up.parent_provider_id
    ) SELECT up.start FROM up JOIN resource_providers p ON p.id = up.start
    WHERE up.parent_provider_id IS NULL AND p.root_provider_id IS DISTINCT FROM up.id`);

describe('a tree', () => {
  it('keeps its roots right while children are born and subtrees move', async () => {
    const roots = await Promise.all([make(), make(), make()]);
    const branch = await make(roots[0]);
    const births = Array.from({ length: 12 }, () => make(branch));
    const moves = Array.from({ length: 9 }, (_, n) =>
      repository.update(branch, { name: branch, parentUuid: roots[n % 3], mayMove: true }),
    );
    await Promise.all([...births, ...moves]);
    expect(await misrooted()).toEqual([]);
  });

  it('cannot be closed into a loop by two moves at once', async () => {
    const [a, b] = [await make(), await make()];
    const outcomes = await Promise.all([
      repository.update(a, { name: a, parentUuid: b, mayMove: true }),
      repository.update(b, { name: b, parentUuid: a, mayMove: true }),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['loop', 'updated']);
    expect(await misrooted()).toEqual([]);
  });

  it('loses no child to a deletion of its parent', async () => {
    const parent = await make();
    const child = randomUUID();
    const [born, removed] = await Promise.all([
      repository.create({ uuid: child, name: child, parentUuid: parent }),
      repository.remove(parent),
    ]);
    expect([`${born.outcome} ${removed}`]).toContainEqual(
      expect.stringMatching(/^(created has-children|unknown-parent deleted)$/),
    );
  });
});

describe('names', () => {
  it('are given once, however many ask at the same time', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => repository.create({ uuid: randomUUID(), name: 'wanted', parentUuid: null })),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(5);
  });

  it('tell which of name and uuid was taken', async () => {
    const uuid = await make();
    expect(await repository.create({ uuid, name: 'free', parentUuid: null })).toEqual({ outcome: 'duplicate', field: 'uuid' });
    expect(await repository.create({ uuid: randomUUID(), name: uuid, parentUuid: null })).toEqual({
      outcome: 'duplicate',
      field: 'name',
    });
  });
});
