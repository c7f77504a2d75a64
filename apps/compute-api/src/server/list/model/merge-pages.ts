import { comparePositions, type Position, type SortTerm } from './list-order.js';

export interface Placed {
  readonly uuid: string;
  readonly position: Position;
}

/**
 * Merges sorted pages into one of `limit` at most. A server that two pages hold is on its way from one to the other; the
 * later page's view of it is the newer one.
 */
export function mergePages<T extends Placed>(pages: ReadonlyArray<readonly T[]>, order: readonly SortTerm[], limit: number): T[] {
  const newest = new Map(pages.flat().map((row) => [row.uuid, row]));
  const rest = pages.map((page) => page.filter((row) => newest.get(row.uuid) === row));
  const heads = rest.map(() => 0);
  const merged: T[] = [];
  while (merged.length < limit) {
    const next = least(rest, heads, order);
    if (next === undefined) break;
    merged.push(rest[next]?.[heads[next] as number] as T);
    heads[next] = (heads[next] as number) + 1;
  }
  return merged;
}

/** Cells are few: looking at each head is as quick as a heap. */
function least<T extends Placed>(
  pages: ReadonlyArray<readonly T[]>,
  heads: readonly number[],
  order: readonly SortTerm[],
): number | undefined {
  let best: number | undefined;
  let bestRow: T | undefined;
  for (const [index, page] of pages.entries()) {
    const row = page[heads[index] as number];
    if (row === undefined) continue;
    if (bestRow === undefined || comparePositions(order, row.position, bestRow.position) < 0) [best, bestRow] = [index, row];
  }
  return best;
}
