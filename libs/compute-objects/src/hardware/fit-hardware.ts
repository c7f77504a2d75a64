import { fitCell } from './fit-cell.js';
import type { FreeCell, FreeHardware } from './free-hardware.js';
import type { GuestTopology } from './guest-topology.js';
import type { HeldCell, HeldHardware, PciPool } from './hardware.js';
import { isOf, type PciRequest } from './pci-request.js';

/** What a server wants of a node beside amounts. */
export interface HardwareDemand {
  /** Null: its CPUs and memory may lie anywhere. */
  readonly topology: GuestTopology | null;
  readonly devices: readonly PciRequest[];
}

export type FitOutcome = { readonly held: HeldHardware } | { readonly misfit: string };

/** Ways to lay guest cells on cells that are looked at for one server and node; beyond, it counts as not fitting. */
export const MOST_WAYS = 10_000;

export const wantsHardware = ({ topology, devices }: HardwareDemand): boolean => topology !== null || devices.length > 0;

/**
 * Lays a guest on a node: each of its cells on a cell of the node of its own, devices as near as they have to be. Cells
 * with much free memory come first, and those with devices last for guests that want none.
 */
export function fitHardware(free: FreeHardware, demand: HardwareDemand): FitOutcome {
  const { topology, devices } = demand;
  if (topology === null) return withDevices(free, devices, []);
  if (free.cells.length === 0) return { misfit: 'the host reports no NUMA cells' };
  if (topology.cells.length > free.cells.length)
    return { misfit: `the host has ${free.cells.length} NUMA cells, wanted ${topology.cells.length}` };
  return new Search(free, topology, devices).run();
}

class Search {
  readonly #order: readonly FreeCell[];
  #ways = 0;
  /** Why the last way did not do. */
  #misfit = '';

  constructor(
    private readonly free: FreeHardware,
    private readonly topology: GuestTopology,
    private readonly devices: readonly PciRequest[],
  ) {
    const near = (cell: FreeCell): number => Number(free.pools.some(({ numa_node }) => numa_node === cell.facts.id));
    const avoided = (cell: FreeCell): number => (devices.length === 0 ? near(cell) : -near(cell));
    this.#order = free.cells.toSorted((a, b) => avoided(a) - avoided(b) || b.memoryMb - a.memoryMb || a.facts.id - b.facts.id);
  }

  run(): FitOutcome {
    const held = this.#lay(0, []);
    if (held !== undefined) return { held };
    return { misfit: this.#ways > MOST_WAYS ? `none of ${MOST_WAYS} ways to lay the guest on its cells does` : this.#misfit };
  }

  #lay(index: number, laid: readonly HeldCell[]): HeldHardware | undefined {
    const guest = this.topology.cells[index];
    if (guest === undefined) return this.#complete(laid);
    for (const cell of this.#order) {
      if (laid.some((one) => one.cell === cell.facts.id)) continue;
      if (++this.#ways > MOST_WAYS) return undefined;
      const extra = index === 0 && this.topology.isolatesEmulator ? 1 : 0;
      const fit = fitCell(cell, guest, this.topology, extra);
      if (typeof fit === 'string') this.#misfit = `NUMA cell ${cell.facts.id}: ${fit}`;
      else {
        const whole = this.#lay(index + 1, [...laid, fit]);
        if (whole !== undefined) return whole;
      }
    }
    return undefined;
  }

  #complete(cells: readonly HeldCell[]): HeldHardware | undefined {
    const outcome = withDevices(this.free, this.devices, cells);
    if ('held' in outcome) return outcome.held;
    this.#misfit = outcome.misfit;
    return undefined;
  }
}

/** @param cells of the guest; without any, devices may hang anywhere */
function withDevices(free: FreeHardware, requests: readonly PciRequest[], cells: readonly HeldCell[]): FitOutcome {
  const taken: PciPool[] = [];
  const left = free.pools.map((pool) => ({ ...pool }));
  for (const { alias, count } of requests) {
    const pools = left.filter((pool) => isOf(alias, pool) && isNear(pool, alias.nearness, cells, free));
    const local = (pool: PciPool): number => Number(cells.some(({ cell }) => cell === pool.numa_node));
    let wanted = count;
    for (const pool of pools.toSorted((a, b) => local(b) - local(a))) {
      const part = Math.min(wanted, Math.max(0, pool.count));
      if (part === 0) continue;
      taken.push({ ...pool, count: part });
      pool.count -= part;
      wanted -= part;
    }
    if (wanted > 0)
      return {
        misfit: `${count - wanted} of ${count} devices of PCI alias ${alias.name} are free${cells.length === 0 ? '' : ' near enough'}`,
      };
  }
  return { held: { cells, devices: taken } };
}

function isNear(
  pool: PciPool,
  nearness: PciRequest['alias']['nearness'],
  cells: readonly HeldCell[],
  free: FreeHardware,
): boolean {
  if (cells.length === 0 || nearness === 'preferred') return true;
  if (pool.numa_node === null) return nearness === 'legacy';
  if (cells.some(({ cell }) => cell === pool.numa_node)) return true;
  if (nearness !== 'socket') return false;
  const socketOf = (id: number | null) => free.cells.find(({ facts }) => facts.id === id)?.facts.socket ?? null;
  const socket = socketOf(pool.numa_node);
  return socket !== null && cells.some(({ cell }) => socketOf(cell) === socket);
}
