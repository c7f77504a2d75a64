import type { World } from '../world/index.js';
import { fits, hasAnyTrait, hasTraits, inAggregates, inAnyAggregate } from './eligibility.js';

/** Filters of `GET /resource_providers`; all that are given must hold for the provider itself. */
export interface ProviderFilters {
  readonly name?: string;
  readonly uuid?: string;
  /** Uuid of any provider of the tree. */
  readonly inTree?: string;
  readonly resources?: ReadonlyMap<number, number>;
  readonly required?: readonly (readonly number[])[];
  readonly forbidden?: readonly number[];
  readonly memberOf?: readonly (readonly string[])[];
  readonly forbiddenAggregates?: readonly string[];
}

/** Dense indexes of the providers that pass, by row id. Unknown aggregates, trees, names and uuids match nothing. */
export function filterProviders(world: World, filters: ProviderFilters): number[] {
  const known = (uuids: readonly string[]): number[] => uuids.map((u) => world.aggregates.id(u)).filter((id) => id !== undefined);
  const memberOf = (filters.memberOf ?? []).map(known);
  const forbiddenAggregates = known(filters.forbiddenAggregates ?? []);
  const resources = [...(filters.resources ?? [])];
  const tree = filters.inTree === undefined ? undefined : world.providers.indexOfUuid(filters.inTree);
  const passes = (index: number): boolean =>
    (filters.name === undefined || world.providers.name[index] === filters.name) &&
    (filters.uuid === undefined || world.providers.uuid[index] === filters.uuid) &&
    (filters.inTree === undefined || (tree !== undefined && world.providers.rootId[index] === world.providers.rootId[tree])) &&
    hasTraits(world, index, filters.required ?? []) &&
    !hasAnyTrait(world, index, filters.forbidden ?? []) &&
    inAggregates(world, index, memberOf) &&
    !inAnyAggregate(world, index, forbiddenAggregates) &&
    resources.every(([classId, amount]) => fits(world, index, classId, amount));
  const { rowId } = world.providers;
  return startingPoint(world, filters)
    .filter((index) => world.providers.exists(index) && passes(index))
    .sort((a, b) => rowId[a]! - rowId[b]!);
}

/** The smallest set at hand that holds every provider that can pass. */
function startingPoint(world: World, filters: ProviderFilters): number[] {
  const { providers } = world;
  const one = (index: number | undefined): number[] => (index === undefined ? [] : [index]);
  if (filters.uuid !== undefined) return one(providers.indexOfUuid(filters.uuid));
  if (filters.name !== undefined) return one(providers.indexOfName(filters.name));
  if (filters.inTree !== undefined) {
    const index = providers.indexOfUuid(filters.inTree);
    return index === undefined ? [] : [...providers.members(providers.rootId[index]!)];
  }
  return smallestPosting(world, filters) ?? Array.from({ length: providers.end }, (_, index) => index);
}

function smallestPosting(world: World, filters: ProviderFilters): number[] | undefined {
  const sets = [
    ...[...(filters.resources?.keys() ?? [])].map((id) => [world.byClass.get(id)]),
    ...(filters.required ?? []).map((ids) => ids.map((id) => world.byTrait.get(id))),
  ];
  if (sets.length === 0) return undefined;
  const size = (set: (typeof sets)[number]): number => set.reduce((sum, posting) => sum + posting.size, 0);
  const smallest = sets.reduce((best, set) => (size(set) < size(best) ? set : best));
  return [...new Set(smallest.flatMap((posting) => [...posting]))];
}
