import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Inventory, type TreeProvider, treeChanges } from './provider-tree.js';

const inventory: fc.Arbitrary<Inventory> = fc.record({
  total: fc.integer({ min: 1, max: 100 }),
  reserved: fc.constant(0),
  min_unit: fc.constant(1),
  max_unit: fc.integer({ min: 1, max: 100 }),
  step_size: fc.constant(1),
  allocation_ratio: fc.constantFrom(1, 1.5, 16),
});

/** Trees over five uuids; each provider's parent is one of a lower number, the first is the root. */
const tree: fc.Arbitrary<readonly TreeProvider[]> = fc
  .array(
    fc.record({
      parent: fc.nat(3),
      present: fc.boolean(),
      inventories: fc.dictionary(fc.constantFrom('VCPU', 'VGPU'), inventory),
      traits: fc.subarray(['A', 'B', 'C']),
    }),
    { minLength: 5, maxLength: 5 },
  )
  .map((rows) =>
    rows.reduce<TreeProvider[]>((made, row, index) => {
      const parent = index === 0 ? undefined : made[Math.min(row.parent, made.length - 1)];
      if (index > 0 && (!row.present || parent === undefined)) return made;
      return [
        ...made,
        {
          uuid: `p${index}`,
          name: `n${index}`,
          parent: parent?.uuid ?? null,
          generation: 0,
          inventories: row.inventories,
          traits: new Set(row.traits),
        },
      ];
    }, []),
  );

/** Does what the changes say, and complains of an order that placement would refuse. */
function apply(have: readonly TreeProvider[], changes: ReturnType<typeof treeChanges>): Map<string, TreeProvider> {
  const providers = new Map(have.map((provider) => [provider.uuid, provider]));
  for (const change of changes) {
    if (change.kind === 'create') {
      expect(change.provider.parent === null || providers.has(change.provider.parent)).toBe(true);
      providers.set(change.provider.uuid, { ...change.provider, inventories: {}, traits: new Set() });
    } else if (change.kind === 'delete') {
      expect([...providers.values()].some((provider) => provider.parent === change.uuid && provider.uuid !== change.uuid)).toBe(
        false,
      );
      providers.delete(change.uuid);
    } else {
      const provider = providers.get(change.uuid) as TreeProvider;
      providers.set(
        change.uuid,
        change.kind === 'traits' ? { ...provider, traits: change.traits } : { ...provider, inventories: change.inventories },
      );
    }
  }
  return providers;
}

describe('the changes of a provider tree', () => {
  it('are none where nothing differs', () => {
    fc.assert(
      fc.property(tree, (providers) => {
        expect(treeChanges(providers, providers)).toEqual([]);
      }),
    );
  });

  it('lead from any tree to any other, parents first, children gone first', () => {
    const sameParents = (a: readonly TreeProvider[], b: readonly TreeProvider[]) =>
      b.every((provider) => a.every((other) => other.uuid !== provider.uuid || other.parent === provider.parent));
    fc.assert(
      fc.property(tree, tree, (have, want) => {
        fc.pre(sameParents(have, want));
        const result = apply(have, treeChanges(have, want));
        expect([...result.keys()].sort()).toEqual(want.map((provider) => provider.uuid).sort());
        for (const provider of want)
          expect(result.get(provider.uuid)).toMatchObject({ inventories: provider.inventories, traits: provider.traits });
      }),
    );
  });
});
