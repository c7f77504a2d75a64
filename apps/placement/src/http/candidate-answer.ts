import type { Microversion } from '@kilonova/http';
import type { Allocation, AllocationRequest, CandidateResult } from '../model/candidates/index.js';
import { capacity } from '../model/inventory.js';
import type { World } from '../model/world/index.js';
import { ByteWriter } from './byte-writer.js';
import { Since } from './versions.js';

/** Bytes of one candidate and of one summary, roughly. */
const CANDIDATE = 500;
const SUMMARY = 700;

/**
 * The answer as JSON, written piece by piece: tens of thousands of candidates as one tree of objects would take many times
 * the memory of their text. `requestedClasses`: what summaries are limited to below 1.27.
 */
export function candidateAnswer(
  world: World,
  result: CandidateResult,
  requestedClasses: ReadonlySet<number>,
  version: Microversion,
): Buffer {
  const out = new ByteWriter(result.requests.length * CANDIDATE + result.summaries.length * SUMMARY + CANDIDATE);
  out.text('{"allocation_requests":[');
  let separator = '';
  for (const request of result.requests) {
    out.text(`${separator}${JSON.stringify(requestBody(world, request, version))}`);
    separator = ',';
  }
  out.text('],"provider_summaries":{');
  separator = '';
  for (const index of result.summaries) {
    if (!world.providers.exists(index)) continue;
    out.text(`${separator}"${world.providers.uuid[index]}":${JSON.stringify(summary(world, index, requestedClasses, version))}`);
    separator = ',';
  }
  out.text('}}');
  return out.finish();
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
