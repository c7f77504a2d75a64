import type { HeldHardware, NodeHardware, NumaCell, PciPool } from './hardware.js';

/** What is left of a cell. */
export interface FreeCell {
  readonly facts: NumaCell;
  /** Threads that a guest may have for itself. */
  readonly pcpus: ReadonlySet<number>;
  /** Shared CPUs and MiB that may still be promised. */
  readonly shared: number;
  readonly memoryMb: number;
  /** KiB of a page → pages. */
  readonly pages: ReadonlyMap<number, number>;
}

export interface FreeHardware {
  readonly cells: readonly FreeCell[];
  /** Counts are those that are left. */
  readonly pools: readonly PciPool[];
}

/** Two pools of the same devices. */
const samePool = (a: PciPool, b: PciPool): boolean =>
  a.vendor_id === b.vendor_id && a.product_id === b.product_id && a.dev_type === b.dev_type && a.numa_node === b.numa_node;

/** What the holders leave of a node. */
export function freeHardware(node: Omit<NodeHardware, 'held'>, holders: readonly HeldHardware[]): FreeHardware {
  const parts = holders.flatMap(({ cells }) => cells);
  const devices = holders.flatMap((holder) => holder.devices);
  const sum = <T>(list: readonly T[], amount: (one: T) => number): number => list.reduce((total, one) => total + amount(one), 0);
  const cells = node.cells.map((facts) => {
    const here = parts.filter(({ cell }) => cell === facts.id);
    const gone = new Set(here.flatMap(({ pinned, reserved }) => [...pinned, ...reserved]));
    const plain = here.filter(({ page_kb }) => page_kb === null);
    return {
      facts,
      pcpus: new Set(facts.pcpus.filter((cpu) => !gone.has(cpu))),
      shared: facts.cpus.length * node.cpu_ratio - sum(here, ({ shared }) => shared),
      memoryMb: facts.memory_mb * node.ram_ratio - sum(plain, ({ memory_mb }) => memory_mb),
      pages: new Map(
        facts.pages.map(({ size_kb, total }) => {
          const used = here.filter(({ page_kb }) => page_kb === size_kb);
          return [size_kb, total - sum(used, ({ memory_mb }) => (memory_mb * 1024) / size_kb)] as const;
        }),
      ),
    };
  });
  const pools = merged(node.pools).map((pool) => {
    const taken = devices.filter((device) => samePool(device, pool));
    return { ...pool, count: pool.count - sum(taken, ({ count }) => count) };
  });
  return { cells, pools };
}

/** Pools of the same devices as one. */
function merged(pools: readonly PciPool[]): readonly PciPool[] {
  const whole: PciPool[] = [];
  for (const pool of pools) {
    const at = whole.findIndex((other) => samePool(other, pool));
    const known = whole[at];
    if (known === undefined) whole.push(pool);
    else whole[at] = { ...known, count: known.count + pool.count };
  }
  return whole;
}
