import type { World } from '../world/index.js';
import type { AllocationRequest } from './query.js';

/**
 * Providers to summarise beside the requests, by row id: all of the trees that give resources, or for callers that know
 * no nesting only the providers that give them.
 */
export function summaryProviders(world: World, requests: readonly AllocationRequest[], nestedAware: boolean): number[] {
  const { providers } = world;
  const used = new Set<number>();
  for (const { allocations } of requests) for (const { provider } of allocations) used.add(provider);
  const roots = new Set<number>();
  if (nestedAware) for (const provider of used) roots.add(providers.rootId[provider]!);
  const shown = nestedAware ? [...roots].flatMap((rootId) => [...providers.members(rootId)]) : [...used];
  return shown.sort((a, b) => providers.rowId[a]! - providers.rowId[b]!);
}
