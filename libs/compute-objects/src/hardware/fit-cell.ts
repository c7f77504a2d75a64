import type { FreeCell } from './free-hardware.js';
import type { GuestCell, GuestTopology, PageSize, ThreadPolicy } from './guest-topology.js';
import type { HeldCell } from './hardware.js';

/** Pages of this size, KiB, and below count as small. */
const SMALL_KB = 4;

/** What the guest's cell gets of the node's, or why it does not fit. @param emulator threads that are kept for the emulator */
export function fitCell(cell: FreeCell, guest: GuestCell, topology: GuestTopology, emulator: number): HeldCell | string {
  const page_kb = pageFor(cell, guest.memory_mb, topology.pages);
  if (typeof page_kb === 'string') return page_kb;
  if (guest.shared > cell.facts.cpus.length) return `it has ${cell.facts.cpus.length} shared CPUs, wanted ${guest.shared}`;
  if (guest.shared > cell.shared) return `${Math.floor(cell.shared)} shared CPUs are left, wanted ${guest.shared}`;
  const own = guest.dedicated + emulator;
  const pins = own === 0 ? { pinned: [], reserved: [] } : pinsOf(cell, own, topology.threads);
  if (pins === undefined)
    return `${cell.pcpus.size} dedicated CPUs are left, wanted ${own} with thread policy ${topology.threads}`;
  return { cell: cell.facts.id, shared: guest.shared, ...pins, memory_mb: guest.memory_mb, page_kb };
}

/** The size of the pages, KiB, null for memory without; text: why there are none. */
function pageFor(cell: FreeCell, memoryMb: number, wanted: PageSize | null): number | null | string {
  const isSmall = wanted === null || wanted === 'small' || wanted === 'any' || (typeof wanted === 'number' && wanted <= SMALL_KB);
  const sizes = [...cell.pages.keys()].filter((size) => suits(size, wanted)).toSorted((a, b) => b - a);
  const page = sizes.find((size) => (memoryMb * 1024) % size === 0 && (cell.pages.get(size) ?? 0) * size >= memoryMb * 1024);
  if (page !== undefined) return page;
  if (!isSmall) return `it has no ${memoryMb} MiB free in pages of size ${wanted}`;
  return memoryMb <= cell.memoryMb ? null : `${Math.floor(cell.memoryMb)} MiB are left, wanted ${memoryMb}`;
}

/** Whether reserved pages of a size serve: of small ones the node has what is not reserved. */
function suits(sizeKb: number, wanted: PageSize | null): boolean {
  if (wanted === null || wanted === 'small') return false;
  if (wanted === 'large') return sizeKb > SMALL_KB;
  return wanted === 'any' || sizeKb === wanted;
}

interface Pins {
  readonly pinned: readonly number[];
  readonly reserved: readonly number[];
}

/** Threads for a guest's own CPUs; undefined: there are too few under the policy. */
function pinsOf(cell: FreeCell, count: number, policy: ThreadPolicy): Pins | undefined {
  const cores = coresOf(cell);
  if (policy === 'isolate') return isolated(cores, count);
  const whole = cores.map(({ free }) => free);
  if (policy === 'require')
    return packed(
      whole.filter(({ length }) => length > 1),
      count,
    );
  return packed(whole, count);
}

interface Core {
  readonly threads: readonly number[];
  readonly free: readonly number[];
}

/** Cores with threads for guests' own CPUs; a thread that names no siblings is a core. */
function coresOf({ facts, pcpus }: FreeCell): readonly Core[] {
  const dedicated = new Set(facts.pcpus);
  const groups = facts.siblings.map((group) => group.filter((cpu) => dedicated.has(cpu))).filter(({ length }) => length > 0);
  const grouped = new Set(groups.flat());
  const single = facts.pcpus.filter((cpu) => !grouped.has(cpu)).map((cpu) => [cpu]);
  return [...groups, ...single].map((threads) => ({ threads, free: threads.filter((cpu) => pcpus.has(cpu)) }));
}

/** One thread of each core; its siblings stay idle. */
function isolated(cores: readonly Core[], count: number): Pins | undefined {
  const idle = cores.filter(({ threads, free }) => free.length === threads.length).slice(0, count);
  if (idle.length < count) return undefined;
  return { pinned: idle.flatMap(({ free }) => free.slice(0, 1)), reserved: idle.flatMap(({ free }) => free.slice(1)) };
}

/** Siblings side by side: cores with the most free threads first. */
function packed(cores: ReadonlyArray<readonly number[]>, count: number): Pins | undefined {
  const threads = cores.toSorted((a, b) => b.length - a.length).flat();
  return threads.length < count ? undefined : { pinned: threads.slice(0, count), reserved: [] };
}
