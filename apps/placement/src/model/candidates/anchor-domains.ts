import type { World } from '../world/index.js';
import type { CompiledGroup, CompiledQuery } from './compiled-query.js';
import { fits, hasAnyTrait, hasTraits, mayTakePart, servesAlone } from './eligibility.js';

/** One choice to make: which provider serves these resources of a group. */
export interface Variable {
  readonly group: CompiledGroup;
  readonly classIds: readonly number[];
  readonly amounts: readonly number[];
  /** Providers that can, in the order in which they are tried. */
  readonly domain: readonly number[];
}

/**
 * The choices to make under one anchor, one per class of the group without suffix, then one per suffixed group;
 * undefined when the anchor cannot serve the query.
 */
export function domainsOf(world: World, anchor: number, query: CompiledQuery): Variable[] | undefined {
  if (
    !hasTraits(
      world,
      anchor,
      query.rootRequired.map((id) => [id]),
    )
  )
    return undefined;
  if (hasAnyTrait(world, anchor, query.rootForbidden)) return undefined;
  const members = world.providers.members(world.providers.rowId[anchor]!);
  const attached = world.sharing.attached(members);
  const near = attached.length === 0 ? members : [...members, ...attached];
  const variables: Variable[] = [];
  if (query.shared !== undefined && !addShared(world, anchor, query.shared, near, variables)) return undefined;
  for (const group of query.single) {
    const domain = near.filter((provider) => servesAlone(world, provider, group));
    if (domain.length === 0) return undefined;
    variables.push({ group, classIds: group.classIds, amounts: group.amounts, domain });
  }
  return isHopeless(world, variables, query) ? undefined : variables;
}

function addShared(world: World, anchor: number, group: CompiledGroup, near: readonly number[], into: Variable[]): boolean {
  for (let i = 0; i < group.classIds.length; i += 1) {
    const classId = group.classIds[i]!;
    const amount = group.amounts[i]!;
    const domain = near.filter((p) => fits(world, p, classId, amount) && mayTakePart(world, p, anchor, group));
    if (domain.length === 0) return false;
    into.push({ group, classIds: [classId], amounts: [amount], domain });
  }
  return group.required.every((set) => into.some(({ domain }) => domain.some((p) => hasAnyTrait(world, p, set))));
}

/** Cheap proofs that no choice can work, so that wide trees are not searched through for nothing. */
function isHopeless(world: World, variables: readonly Variable[], query: CompiledQuery): boolean {
  if (variables.length < 2) return false;
  if (query.isolate && !canBeDistinct(variables.filter(({ group }) => group.suffix !== '').map(({ domain }) => domain)))
    return true;
  const asked = new Map<number, { sum: number; parts: number; providers: Set<number> }>();
  for (const { classIds, amounts, domain } of variables) {
    classIds.forEach((classId, i) => {
      const entry = asked.get(classId) ?? { sum: 0, parts: 0, providers: new Set<number>() };
      asked.set(classId, entry);
      entry.sum += amounts[i]!;
      entry.parts += 1;
      for (const provider of domain) entry.providers.add(provider);
    });
  }
  return [...asked].some(([classId, { sum, parts, providers }]) => parts > 1 && freeOf(world, classId, providers) < sum);
}

function freeOf(world: World, classId: number, providers: Iterable<number>): number {
  const { inventory } = world;
  let free = 0;
  for (const provider of providers) {
    const slot = world.slot(provider, classId);
    if (slot >= 0)
      free += Math.min(Math.max(0, Math.floor(inventory.limit(slot)) - inventory.used[slot]!), inventory.maxUnit[slot]!);
  }
  return free;
}

/** True when every domain can be given a provider of its own (bipartite matching by augmenting paths). */
function canBeDistinct(domains: readonly (readonly number[])[]): boolean {
  const takenBy = new Map<number, number>();
  const place = (at: number, tried: Set<number>): boolean =>
    domains[at]!.some((provider) => {
      if (tried.has(provider)) return false;
      tried.add(provider);
      const holder = takenBy.get(provider);
      if (holder !== undefined && !place(holder, tried)) return false;
      takenBy.set(provider, at);
      return true;
    });
  return domains.every((_, at) => place(at, new Set()));
}
