import { capacity } from '../inventory.js';
import type { World } from '../world/index.js';
import type { AllocationRequest, CandidateResult } from './query.js';

/**
 * How often a query could be served, one time after the other, by root of the tree that would serve it (dense index).
 * Each way is taken as often as it fits into what the ways before left; so what several trees share (a pool of disks)
 * counts once, and a tree with rooms of its own for some classes is counted through.
 */
export function countCapacity(world: World, { requests }: CandidateResult): ReadonlyMap<number, number> {
  const left = new Map<string, number>();
  const counts = new Map<number, number>();
  for (const request of requests) {
    const times = timesThatFit(world, request, left);
    if (times <= 0) continue;
    for (const { provider, classId, amount } of request.allocations) {
      const key = `${provider}/${classId}`;
      left.set(key, leftOf(world, left, provider, classId) - times * amount);
    }
    const root = rootOf(world, request);
    counts.set(root, (counts.get(root) ?? 0) + times);
  }
  return counts;
}

const timesThatFit = (world: World, { allocations }: AllocationRequest, left: ReadonlyMap<string, number>): number =>
  Math.min(...allocations.map(({ provider, classId, amount }) => Math.floor(leftOf(world, left, provider, classId) / amount)));

function leftOf(world: World, left: ReadonlyMap<string, number>, provider: number, classId: number): number {
  const known = left.get(`${provider}/${classId}`);
  if (known !== undefined) return known;
  const inventory = world.inventories(provider).find((one) => one.classId === classId);
  return inventory === undefined ? 0 : capacity(inventory) - inventory.used;
}

/** The tree that serves; a sharing provider's own only where nothing else does. */
function rootOf(world: World, { allocations }: AllocationRequest): number {
  const own = allocations.find(({ provider }) => !world.sharing.isSharing(provider)) ?? allocations[0];
  return world.providers.root(own?.provider ?? 0);
}
