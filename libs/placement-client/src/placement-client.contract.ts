import { randomUUID } from 'node:crypto';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AllocationRequest, ClaimOwner, Inventory, PlacementClient, Reshape, TreeProvider } from './index.js';

const ctx = systemCtx();

const inventory = (total: number): Inventory => ({
  total,
  reserved: 0,
  min_unit: 1,
  max_unit: total,
  step_size: 1,
  allocation_ratio: 1,
});

const provider = (uuid: string, total: number, given: Partial<TreeProvider> = {}): TreeProvider => ({
  uuid,
  name: `node-${uuid}`,
  parent: null,
  generation: undefined,
  inventories: { VCPU: inventory(total) },
  traits: new Set(),
  ...given,
});

const vcpus = (uuid: string, amount: number): AllocationRequest => ({ allocations: { [uuid]: { resources: { VCPU: amount } } } });

/** What every client of placement does, whatever stands behind it. */
export function placementContract(open: () => PlacementClient): void {
  let placement: PlacementClient;
  let a: string;
  let b: string;
  let owner: ClaimOwner;

  beforeEach(async () => {
    placement = open();
    [a, b] = [randomUUID(), randomUUID()];
    owner = { consumer: randomUUID(), projectId: randomUUID(), userId: 'u1' };
    for (const uuid of [a, b]) await placement.syncTree(ctx, uuid, () => [provider(uuid, 4)]);
  });

  const claim = (uuid: string, amount: number, mode: 'build' | 'move' | 'add', who = owner) =>
    placement.claim(ctx, who, vcpus(uuid, amount), mode);
  const held = async (consumer = owner.consumer) => (await placement.allocationsOf(ctx, consumer)).allocations;
  const another = (): ClaimOwner => ({ ...owner, consumer: randomUUID() });

  describe('a claim', () => {
    it.each(['build', 'move', 'add'] as const)('in mode %s takes what the request says, for its owner', async (mode) => {
      expect(await claim(a, 3, mode)).toEqual({ outcome: 'claimed' });
      expect(await placement.allocationsOf(ctx, owner.consumer)).toMatchObject({
        ...vcpus(a, 3),
        projectId: owner.projectId,
        userId: 'u1',
      });
      expect(await placement.consumersOf(ctx, a)).toEqual([owner.consumer]);
      expect(await placement.usages(ctx, owner.projectId)).toEqual({ VCPU: 3 });
    });

    it('that finds no room, or no provider, holds nothing', async () => {
      expect(await claim(a, 3, 'build', another())).toEqual({ outcome: 'claimed' });
      expect(await claim(a, 2, 'build')).toMatchObject({ outcome: 'no-capacity' });
      expect(await claim(randomUUID(), 1, 'build')).toMatchObject({ outcome: 'invalid' });
      expect(await held()).toEqual({});
    });

    it('in mode build adopts what an earlier run claimed, elsewhere too', async () => {
      await claim(a, 3, 'build');
      expect(await claim(b, 3, 'build')).toEqual({ outcome: 'adopted', ...vcpus(a, 3) });
      expect(await held()).toEqual(vcpus(a, 3).allocations);
    });

    it('T2: in mode move leaves an allocation elsewhere alone', async () => {
      await claim(a, 3, 'build');
      expect(await claim(b, 3, 'move')).toEqual({ outcome: 'conflict', ...vcpus(a, 3) });
      expect(await held()).toEqual(vcpus(a, 3).allocations);
      expect(await placement.consumersOf(ctx, b)).toEqual([]);
    });

    it('T3: in mode move does not take the claim of another size on the same host for its own', async () => {
      await claim(a, 1, 'build');
      expect(await claim(a, 2, 'move')).toEqual({ outcome: 'conflict', ...vcpus(a, 1) });
      expect(await held()).toEqual(vcpus(a, 1).allocations);
    });

    it('in mode move that is repeated is one claim', async () => {
      await claim(a, 2, 'move');
      expect(await claim(a, 2, 'move')).toEqual({ outcome: 'claimed' });
      expect(await held()).toEqual(vcpus(a, 2).allocations);
    });

    it('in mode add keeps what was held; repeated it takes no more', async () => {
      await claim(a, 3, 'build');
      for (let time = 0; time < 2; time++) expect(await claim(b, 2, 'add')).toEqual({ outcome: 'claimed' });
      expect(await held()).toEqual({ ...vcpus(a, 3).allocations, ...vcpus(b, 2).allocations });
      expect(await claim(b, 5, 'add')).toMatchObject({ outcome: 'no-capacity' });
    });

    it('side by side with others ends well for as many as there is room for', async () => {
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => claim(a, 1, 'build', another())));
      expect(outcomes.filter((one) => one.outcome === 'claimed')).toHaveLength(4);
      expect(outcomes.filter((one) => one.outcome === 'no-capacity')).toHaveLength(4);
    });
  });

  describe('a move', () => {
    let migration: string;
    beforeEach(async () => {
      migration = randomUUID();
      await claim(a, 3, 'build');
    });

    it('hands the whole allocation to the migration; repeated after the next claim it changes nothing', async () => {
      expect(await placement.moveTo(ctx, owner.consumer, migration)).toEqual({ outcome: 'moved' });
      expect([await held(), await held(migration)]).toEqual([{}, vcpus(a, 3).allocations]);
      expect(await placement.moveTo(ctx, owner.consumer, migration)).toEqual({ outcome: 'already-moved' });
      await claim(b, 1, 'move');
      expect(await placement.moveTo(ctx, owner.consumer, migration)).toEqual({ outcome: 'already-moved' });
      expect([await held(), await held(migration)]).toEqual([vcpus(b, 1).allocations, vcpus(a, 3).allocations]);
    });

    it('T3: leaves room for another size on the same host beside the old one', async () => {
      await placement.moveTo(ctx, owner.consumer, migration);
      expect(await claim(a, 1, 'move')).toEqual({ outcome: 'claimed' });
      expect([await held(), await held(migration)]).toEqual([vcpus(a, 1).allocations, vcpus(a, 3).allocations]);
    });

    it('back gives the instance what it had, in place of what was claimed since', async () => {
      await placement.moveTo(ctx, owner.consumer, migration);
      await claim(b, 1, 'move');
      expect(await placement.moveBack(ctx, owner.consumer, migration)).toEqual({ outcome: 'moved' });
      expect([await held(), await held(migration)]).toEqual([vcpus(a, 3).allocations, {}]);
      expect(await placement.moveBack(ctx, owner.consumer, migration)).toEqual({ outcome: 'already-moved' });
      expect(await placement.consumersOf(ctx, b)).toEqual([]);
    });

    it('of what nobody holds says so', async () => {
      expect(await placement.moveTo(ctx, randomUUID(), migration)).toEqual({ outcome: 'nothing-held' });
      expect(await placement.moveBack(ctx, randomUUID(), migration)).toEqual({ outcome: 'nothing-held' });
    });
  });

  it('gives back a part of what is held, once, and keeps the rest', async () => {
    await claim(a, 3, 'build');
    await claim(b, 2, 'add');
    for (let time = 0; time < 2; time++)
      expect(await placement.giveBack(ctx, owner.consumer, vcpus(b, 2).allocations)).toBe('given-back');
    expect(await held()).toEqual(vcpus(a, 3).allocations);
    await placement.giveBack(ctx, owner.consumer, vcpus(a, 3).allocations);
    expect([await held(), await placement.consumersOf(ctx, a)]).toEqual([{}, []]);
    expect(await placement.giveBack(ctx, randomUUID(), vcpus(a, 1).allocations)).toBe('given-back');
  });

  it('what is held changes in place, as far as there is room, and not at all otherwise', async () => {
    await claim(a, 3, 'build');
    const grow = (amount: number) => placement.change(ctx, owner.consumer, () => vcpus(a, amount).allocations);
    for (let time = 0; time < 2; time++) expect(await grow(4)).toEqual({ outcome: 'claimed' });
    expect(await held()).toEqual(vcpus(a, 4).allocations);
    expect(await grow(5)).toMatchObject({ outcome: 'no-capacity' });
    expect(await held()).toEqual(vcpus(a, 4).allocations);
    expect(await grow(1)).toEqual({ outcome: 'claimed' });
    expect(await claim(a, 3, 'build', another())).toEqual({ outcome: 'claimed' });
    expect(await placement.change(ctx, randomUUID(), (none) => none)).toMatchObject({ outcome: 'invalid' });
  });

  it('a release frees everything, and is fine where nothing is held', async () => {
    await claim(a, 4, 'build');
    for (let time = 0; time < 2; time++) await placement.release(ctx, owner.consumer);
    expect([await held(), await placement.consumersOf(ctx, a)]).toEqual([{}, []]);
    expect(await claim(a, 4, 'build', another())).toEqual({ outcome: 'claimed' });
  });

  it('candidates are the roots with room, with what is used of them', async () => {
    await claim(a, 3, 'build');
    const found = async (amount: number) => {
      const answer = await placement.candidates(ctx, `resources=VCPU:${amount}`);
      if (answer.outcome !== 'found') throw new Error(answer.reason);
      const { allocation_requests: requests, provider_summaries: summaries } = answer.candidates;
      const roots = requests.flatMap(({ allocations }) => Object.keys(allocations));
      return { mine: roots.filter((uuid) => uuid === a || uuid === b), used: summaries[a]?.resources['VCPU'] };
    };
    expect(await found(1)).toEqual({ mine: expect.arrayContaining([a, b]), used: { capacity: 4, used: 3 } });
    expect((await found(2)).mine).toEqual([b]);
  });

  it('capacity is how often a request still fits', async () => {
    await claim(a, 1, 'build');
    const answer = await placement.capacity(ctx, 'resources=VCPU:2');
    if (answer.outcome !== 'counted') throw new Error(answer.reason);
    expect([answer.capacity.roots[a], answer.capacity.roots[b], answer.capacity.isComplete]).toEqual([1, 2, true]);
    const counts = Object.values(answer.capacity.roots);
    expect(answer.capacity.total).toBe(counts.reduce((sum, count) => sum + count, 0));
  });

  describe('a tree', () => {
    it('becomes what is wanted, and is read back', async () => {
      const child = provider(randomUUID(), 2, { parent: a });
      await placement.syncTree(ctx, a, (present) => [...present, child]);
      const tree = await placement.tree(ctx, child.uuid);
      expect(tree.map(({ uuid }) => uuid).sort()).toEqual([a, child.uuid].sort());
      expect(tree.find(({ uuid }) => uuid === child.uuid)).toMatchObject({ parent: a, inventories: { VCPU: { total: 2 } } });
      expect(await placement.removeProvider(ctx, a)).toBe(false);
      await placement.syncTree(ctx, a, (present) => present.filter(({ uuid }) => uuid !== child.uuid));
      expect(await placement.tree(ctx, child.uuid)).toEqual([]);
    });

    it('does not take over the name of another provider', async () => {
      const stranger = provider(randomUUID(), 1, { name: `node-${a}` });
      await expect(placement.syncTree(ctx, stranger.uuid, () => [stranger])).rejects.toMatchObject({
        code: 'placement.provider.name_taken',
      });
    });

    it('of which something is held stays; one that is not there is gone', async () => {
      await claim(a, 1, 'build');
      expect([await placement.removeProvider(ctx, a), await placement.removeProvider(ctx, b)]).toEqual([false, true]);
      expect(await placement.removeProvider(ctx, b)).toBe(true);
      expect(await placement.tree(ctx, b)).toEqual([]);
    });

    it('is given classes and traits of the caller’s own making', async () => {
      const [name, trait] = [`CUSTOM_CLASS_${Date.now()}`, `CUSTOM_TRAIT_${Date.now()}`];
      const own = { inventories: { VCPU: inventory(4), [name]: inventory(2) }, traits: new Set([trait]) };
      await placement.syncTree(ctx, a, async ([root]) => [{ ...(root as TreeProvider), ...own }]);
      expect(await placement.tree(ctx, a)).toMatchObject([own]);
    });

    describe('of which inventory moves with what is held of it', () => {
      const shape = async (uuid: string): Promise<Reshape> => {
        const tree = await placement.tree(ctx, a);
        const generation = (of: string) => tree.find((one) => one.uuid === of)?.generation ?? -1;
        const held = await placement.allocationsOf(ctx, owner.consumer);
        return {
          inventories: {
            [a]: { generation: generation(a), inventories: {} },
            [uuid]: { generation: generation(uuid), inventories: { VCPU: inventory(4) } },
          },
          allocations: { [owner.consumer]: { ...held, ...vcpus(uuid, 3) } },
        };
      };

      it('is moved at once, and not by what was read before others wrote', async () => {
        await claim(a, 3, 'build');
        const uuid = randomUUID();
        await placement.syncTree(ctx, a, (present) => [...present, provider(uuid, 4, { parent: a, inventories: {} })]);
        const late = await shape(uuid);
        expect(await placement.reshape(ctx, late)).toBe('reshaped');
        expect(await held()).toEqual(vcpus(uuid, 3).allocations);
        expect(await placement.consumersOf(ctx, a)).toEqual([owner.consumer]);
        expect(await placement.reshape(ctx, late)).toBe('concurrent-update');
        expect(await claim(uuid, 1, 'build', another())).toEqual({ outcome: 'claimed' });
        expect(await claim(uuid, 1, 'build', another())).toMatchObject({ outcome: 'no-capacity' });
      });
    });

    it('joins aggregates, if it is known', async () => {
      const aggregate = randomUUID();
      expect(await placement.setAggregate(ctx, a, aggregate, true)).toBe(true);
      expect(await placement.aggregatesOf(ctx, a)).toEqual([aggregate]);
      expect(await placement.setAggregate(ctx, a, aggregate, false)).toBe(true);
      expect([await placement.aggregatesOf(ctx, a), await placement.aggregatesOf(ctx, randomUUID())]).toEqual([[], []]);
      expect(await placement.setAggregate(ctx, randomUUID(), aggregate, true)).toBe(false);
    });
  });
}
