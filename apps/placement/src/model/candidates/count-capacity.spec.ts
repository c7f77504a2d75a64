import { expect, it } from 'vitest';
import { countCapacity } from './count-capacity.js';
import { searchCandidates } from './search-candidates.js';
import { type ProviderSketch, WorldBuilder } from './spec-support/world-builder.js';

const POOL = { inventories: { DISK_GB: 100 }, traits: ['MISC_SHARES_VIA_AGGREGATE'], aggregates: ['agg'] };

/** Tree → how often 2 VCPU and 10 GB fit. */
function counted(sketches: Record<string, ProviderSketch>, resources: Record<string, number> = { VCPU: 2, DISK_GB: 10 }) {
  const builder = new WorldBuilder(sketches);
  const { world } = builder;
  const result = searchCandidates(world, { groups: new Map([['', builder.group(resources)]]) }, { nestedAware: true });
  return Object.fromEntries([...countCapacity(world, result)].map(([root, count]) => [world.providers.uuid[root], count]));
}

it('counts by what is scarcest, less what is used or reserved', () => {
  expect(
    counted({
      a: { inventories: { VCPU: { total: 8, allocationRatio: 2, used: 3 }, DISK_GB: 1000 } },
      b: { inventories: { VCPU: 100, DISK_GB: { total: 50, reserved: 5 } } },
      full: { inventories: { VCPU: 1, DISK_GB: 100 } },
    }),
  ).toEqual({ a: 6, b: 4 });
});

it('counts what trees share once', () => {
  const host = { inventories: { VCPU: 16 }, aggregates: ['agg'] };
  const found = counted({ a: host, b: host, pool: POOL });
  expect((found['a'] ?? 0) + (found['b'] ?? 0)).toBe(10);
});

it('counts the parts of a tree together', () => {
  const gpu = { parent: 'a', inventories: { VGPU: 3 } };
  const sketches = { a: { inventories: { VCPU: 20, DISK_GB: 200 } }, gpu1: gpu, gpu2: gpu };
  expect(counted(sketches, { VCPU: 2, VGPU: 1 })).toEqual({ a: 6 });
  expect(counted(sketches, { VCPU: 5, VGPU: 1 })).toEqual({ a: 4 });
});
