import type { Flavor } from '../flavor.js';
import { guestCpus } from './guest-topology.js';
import type { HeldCell, NumaCell } from './hardware.js';

/** One cell of a guest as it lies on its node. */
export interface PlacedCell {
  /** Numbers of the guest's CPUs. */
  readonly cpus: readonly number[];
  /** Those of its CPUs whose threads are of one core, where all cores have as many; else none. */
  readonly siblings: ReadonlyArray<readonly number[]>;
  readonly memory_mb: number;
  /** The cell of the node. */
  readonly host_cell: number;
  /** A CPU of the guest → its thread of the node. */
  readonly pinning: ReadonlyMap<number, number>;
}

export interface PlacedTopology {
  readonly cells: readonly PlacedCell[];
  /** KiB; null: memory without reserved pages. */
  readonly page_kb: number | null;
}

/** How a guest lies on its node: none of its cells for one without a topology. @param node the cells of the node */
export function placedTopology(
  flavor: Flavor,
  properties: Readonly<Record<string, string>>,
  held: readonly HeldCell[],
  node: readonly NumaCell[],
): PlacedTopology {
  const parts = guestCpus(flavor, properties);
  if (parts.length !== held.length) return { cells: [], page_kb: null };
  const cells = held.map((part, index) => {
    const { cpus = [], own = [] } = parts[index] ?? {};
    const pinning = new Map(own.map((cpu, at) => [cpu, part.pinned[at] ?? 0] as const));
    const cores = node.find(({ id }) => id === part.cell)?.siblings ?? [];
    return { cpus, siblings: siblingsOf(pinning, cores), memory_mb: part.memory_mb, host_cell: part.cell, pinning };
  });
  return { cells, page_kb: held[0]?.page_kb ?? null };
}

function siblingsOf(
  pinning: ReadonlyMap<number, number>,
  cores: ReadonlyArray<readonly number[]>,
): ReadonlyArray<readonly number[]> {
  const groups = cores
    .map((threads) => [...pinning].filter(([, thread]) => threads.includes(thread)).map(([cpu]) => cpu))
    .filter((group) => group.length > 0);
  const size = groups[0]?.length ?? 0;
  const isEven = groups.every((group) => group.length === size) && groups.flat().length === pinning.size;
  return size > 1 && isEven ? groups : [];
}
