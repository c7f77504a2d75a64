import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProviderState } from './records.js';
import { SHARING_TRAIT } from './sharing-index.js';
import { World } from './world.js';

const ids = (max: number): fc.Arbitrary<number[]> => fc.uniqueArray(fc.nat(max), { maxLength: 3 });

const inventory = (classId: number) =>
  fc.record({
    classId: fc.constant(classId),
    total: fc.integer({ min: 1, max: 9 }),
    reserved: fc.constant(0),
    minUnit: fc.constant(1),
    maxUnit: fc.constant(9),
    stepSize: fc.constant(1),
    allocationRatio: fc.constant(1),
    used: fc.nat(3),
  });

/** Row ids 1…12; every third is a root and the ones behind it may be its children. */
const state: fc.Arbitrary<ProviderState> = fc
  .record({
    id: fc.integer({ min: 1, max: 12 }),
    child: fc.boolean(),
    generation: fc.nat(5),
    traitIds: ids(4),
    aggregateIds: ids(3),
    classes: ids(2),
  })
  .chain(({ classes, ...rest }) => fc.tuple(fc.constant(rest), ...classes.map(inventory)))
  .map(([{ id, child, ...rest }, ...inventories]) => {
    const rootId = child ? id - ((id - 1) % 3) : id;
    return { ...rest, id, rootId, parentId: rootId === id ? null : rootId, uuid: `u${id}`, name: `n${id}`, inventories };
  });

const change = fc.oneof(
  { weight: 5, arbitrary: state.map((to) => (world: World) => world.apply(to)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }).map((id) => (world: World) => world.removeProvider(id)) },
);

function newWorld(): World {
  const world = new World();
  world.traits.set(0, SHARING_TRAIT);
  return world;
}

/** Everything a reader can see, in terms of row ids, so that worlds with different indexes compare equal. */
function visible(world: World) {
  const { providers } = world;
  const present = Array.from({ length: providers.end }, (_, i) => i).filter((i) => providers.exists(i));
  const rows = (indexes: Iterable<number>): number[] => [...indexes].map((i) => providers.rowId[i]!).sort((a, b) => a - b);
  const postings = (of: World['byClass'], count: number): number[][] =>
    Array.from({ length: count }, (_, key) => rows(of.get(key)));
  return {
    count: providers.count,
    states: present.map((i) => world.state(i)).sort((a, b) => a.id - b.id),
    trees: present
      .map((i) => [providers.rowId[i], rows(providers.members(providers.rowId[i]!))])
      .sort((a, b) => Number(a[0]) - Number(b[0])),
    attached: rows(present).map((id) => rows(world.sharing.attached(providers.members(id)))),
    postings: [postings(world.byClass, 3), postings(world.byTrait, 5), postings(world.byAggregate, 4)],
    found: rows(present).map((id) =>
      [providers.indexOfUuid(`u${id}`), providers.indexOfName(`n${id}`)].map((i) => providers.rowId[i!]),
    ),
  };
}

describe('World', () => {
  it('shows after any changes what a world built from the end state shows', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), fc.boolean(), (changes, compact) => {
        const world = newWorld();
        for (const apply of changes) apply(world);
        const fresh = newWorld();
        const states = visible(world).states;
        for (const one of states) fresh.apply(one);
        if (compact) world.compact();
        expect(visible(world)).toEqual(visible(fresh));
      }),
      { numRuns: 400 },
    );
  });

  it('is in order of row id after compaction', () => {
    const world = newWorld();
    for (const id of [5, 3, 9, 1])
      world.upsertProvider({ id, uuid: `u${id}`, name: `n${id}`, generation: 0, parentId: null, rootId: id });
    expect(world.providers.inOrder).toBe(false);
    expect(world.compact()).toBe(true);
    expect([...world.providers.rowId.slice(0, 4)]).toEqual([1, 3, 5, 9]);
    expect(world.compact()).toBe(false);
  });

  it('finds providers whose names were swapped in one batch', () => {
    const world = newWorld();
    const put = (id: number, name: string): number =>
      world.upsertProvider({ id, uuid: `u${id}`, name, generation: 0, parentId: null, rootId: id });
    const [a, b] = [put(1, 'a'), put(2, 'b')];
    put(1, 'b');
    put(2, 'a');
    expect([world.providers.indexOfName('a'), world.providers.indexOfName('b')]).toEqual([b, a]);
  });
});
