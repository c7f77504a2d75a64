import type { Microversion } from '@kilonova/http';
import type { Allocation, AllocationRequest, CandidateResult } from '../model/candidates/index.js';
import { capacity } from '../model/inventory.js';
import type { World } from '../model/world/index.js';
import { Since } from './versions.js';

/**
 * The answer as JSON, written piece by piece: tens of thousands of candidates as one tree of objects would take many times
 * the memory of their text. `requestedClasses`: what summaries are limited to below 1.27.
 */
export function candidatesText(
  world: World,
  result: CandidateResult,
  requestedClasses: ReadonlySet<number>,
  version: Microversion,
): string {
  const requests = result.requests.map((request) => JSON.stringify(requestBody(world, request, version)));
  const summaries = result.summaries
    .filter((index) => world.providers.exists(index))
    .map((index) => `"${world.providers.uuid[index]}":${JSON.stringify(summary(world, index, requestedClasses, version))}`);
  return `{"allocation_requests":[${requests.join(',')}],"provider_summaries":{${summaries.join(',')}}}`;
}

function requestBody(world: World, request: AllocationRequest, version: Microversion): Record<string, unknown> {
  const byProvider = resourcesByProvider(world, request.allocations);
  const allocations =
    version >= Since.keyedAllocations
      ? Object.fromEntries([...byProvider].map(([uuid, resources]) => [uuid, { resources }]))
      : [...byProvider].map(([uuid, resources]) => ({ resource_provider: { uuid }, resources }));
  return { allocations, ...(version >= Since.mappings && { mappings: mappings(world, request) }) };
}

function resourcesByProvider(world: World, allocations: readonly Allocation[]): ReadonlyMap<string, Record<string, number>> {
  const byProvider = new Map<string, Record<string, number>>();
  for (const { provider, classId, amount } of allocations) {
    const uuid = world.providers.uuid[provider] as string;
    const resources = byProvider.get(uuid) ?? {};
    resources[world.classes.name(classId) as string] = amount;
    byProvider.set(uuid, resources);
  }
  return byProvider;
}

const mappings = (world: World, request: AllocationRequest): Record<string, readonly (string | undefined)[]> =>
  Object.fromEntries(
    [...request.mappings].map(([suffix, indexes]) => [suffix, indexes.map((index) => world.providers.uuid[index])]),
  );

function summary(world: World, index: number, requested: ReadonlySet<number>, version: Microversion): Record<string, unknown> {
  const { providers } = world;
  const parent = providers.parent(index);
  return {
    resources: resources(world, index, (classId) => version >= Since.allClassesInSummaries || requested.has(classId)),
    ...(version >= Since.summaryTraits && { traits: world.traitIds(index).map((id) => world.traits.name(id)) }),
    ...(version >= Since.nestedCandidates && {
      parent_provider_uuid: parent < 0 ? null : providers.uuid[parent],
      root_provider_uuid: providers.uuid[providers.root(index)],
    }),
  };
}

const resources = (world: World, index: number, shown: (classId: number) => boolean): Record<string, unknown> =>
  Object.fromEntries(
    world
      .inventories(index)
      .filter(({ classId }) => shown(classId))
      .map((inventory) => [world.classes.name(inventory.classId), { capacity: capacity(inventory), used: inventory.used }]),
  );
