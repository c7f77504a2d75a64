import type { World } from '../world/index.js';
import type { CompiledGroup } from './compiled-query.js';

/** True when one provider can give the amount of one class, by capacity, bounds and step. */
export function fits(world: World, provider: number, classId: number, amount: number): boolean {
  const slot = world.slot(provider, classId);
  if (slot < 0) return false;
  const { inventory } = world;
  return (
    inventory.used[slot]! + amount <= inventory.limit(slot) &&
    inventory.minUnit[slot]! <= amount &&
    inventory.maxUnit[slot]! >= amount &&
    amount % inventory.stepSize[slot]! === 0
  );
}

/** True when the amounts summed up on one provider still fit. Minimum and step were checked for each part. */
export function sumFits(world: World, provider: number, classId: number, sum: number): boolean {
  const slot = world.slot(provider, classId);
  const { inventory } = world;
  return slot >= 0 && inventory.used[slot]! + sum <= inventory.limit(slot) && sum <= inventory.maxUnit[slot]!;
}

export const hasAnyTrait = (world: World, provider: number, traitIds: readonly number[]): boolean =>
  traitIds.some((id) => world.byTrait.get(id).has(provider));

/** True when the provider meets every any-of set of traits by itself. */
export const hasTraits = (world: World, provider: number, sets: readonly (readonly number[])[]): boolean =>
  sets.every((set) => hasAnyTrait(world, provider, set));

export const inAnyAggregate = (world: World, provider: number, aggregateIds: readonly number[]): boolean =>
  aggregateIds.some((id) => world.byAggregate.get(id).has(provider));

/** True when the provider meets every any-of set of aggregates by itself. */
export const inAggregates = (world: World, provider: number, sets: readonly (readonly number[])[]): boolean =>
  sets.every((set) => inAnyAggregate(world, provider, set));

/** True when the provider alone serves a suffixed group. Aggregates of a root do not span its tree here. */
export function servesAlone(world: World, provider: number, group: CompiledGroup): boolean {
  if (group.treeRootId !== -1 && world.providers.rootId[provider] !== group.treeRootId) return false;
  for (let i = 0; i < group.classIds.length; i += 1) {
    if (!fits(world, provider, group.classIds[i]!, group.amounts[i]!)) return false;
  }
  return (
    hasTraits(world, provider, group.required) &&
    !hasAnyTrait(world, provider, group.forbidden) &&
    inAggregates(world, provider, group.memberOf) &&
    !inAnyAggregate(world, provider, group.forbiddenAggregates)
  );
}

/**
 * True when the provider may take part in the group without suffix under the given root. Membership of the root spans its
 * tree; a sharing provider of another tree has to be in the aggregates itself, and is out when the group is confined to a tree.
 */
export function mayTakePart(world: World, provider: number, anchor: number, group: CompiledGroup): boolean {
  const rootId = world.providers.rootId[provider]!;
  if (group.treeRootId !== -1 && (rootId !== group.treeRootId || rootId !== world.providers.rowId[anchor])) return false;
  if (hasAnyTrait(world, provider, group.forbidden)) return false;
  if (inAnyAggregate(world, provider, group.forbiddenAggregates)) return false;
  if (inAnyAggregate(world, anchor, group.forbiddenAggregates)) return false;
  if (inAggregates(world, provider, group.memberOf)) return true;
  return rootId === world.providers.rowId[anchor] && inAggregates(world, anchor, group.memberOf);
}
