import type { World } from '../world/index.js';
import type { AssignmentSearch } from './assignment-search.js';
import type { Allocation, AllocationRequest } from './query.js';

/** Turns a full assignment into an allocation request: amounts on the same (provider, class) are summed. */
export function toRequest(world: World, search: AssignmentSearch): AllocationRequest {
  const byRow = (a: number, b: number): number => world.providers.rowId[a]! - world.providers.rowId[b]!;
  const allocations: Allocation[] = [];
  const mappings = new Map<string, number[]>();
  search.variables.forEach(({ group, classIds, amounts }, at) => {
    const provider = search.chosen[at]!;
    for (const [i, classId] of classIds.entries()) add(allocations, { provider, classId, amount: amounts[i]! });
    const mapped = mappings.get(group.suffix);
    if (mapped === undefined) mappings.set(group.suffix, [provider]);
    else if (!mapped.includes(provider)) mapped.push(provider);
  });
  allocations.sort((a, b) => byRow(a.provider, b.provider) || a.classId - b.classId);
  for (const providers of mappings.values()) providers.sort(byRow);
  return { allocations, mappings };
}

function add(allocations: Allocation[], next: Allocation): void {
  const at = allocations.findIndex(({ provider, classId }) => provider === next.provider && classId === next.classId);
  if (at < 0) allocations.push(next);
  else allocations[at] = { ...next, amount: allocations[at]!.amount + next.amount };
}

/** Equal for requests with the same allocations and mappings. */
export function identity({ allocations, mappings }: AllocationRequest): string {
  const amounts = allocations.map((a) => `${a.provider}:${a.classId}:${a.amount}`).join(',');
  return `${amounts}|${[...mappings].map(([suffix, providers]) => `${suffix}=${providers.join(',')}`).join('|')}`;
}
