import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitHardware, type HardwareDemand, MOST_WAYS } from './fit-hardware.js';
import { freeHardware } from './free-hardware.js';
import type { GuestCell, GuestTopology } from './guest-topology.js';
import type { HeldHardware, NodeHardware, NumaCell, PciPool } from './hardware.js';
import type { PciRequest } from './pci-request.js';

/** Cells of some cores with two threads each; the first threads of the node are shared. */
const cellOf = (id: number, shared: number, cores: number, memory_mb: number, pages: number): NumaCell => {
  const first = id * 100;
  const siblings = Array.from({ length: cores }, (_, core) => [first + 50 + 2 * core, first + 51 + 2 * core]);
  return {
    id,
    socket: id >> 1,
    cpus: Array.from({ length: shared }, (_, cpu) => first + cpu),
    pcpus: siblings.flat(),
    siblings,
    memory_mb,
    pages: pages === 0 ? [] : [{ size_kb: 2048, total: pages }],
  };
};
const cells = fc
  .array(fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4096), fc.nat(512)), { minLength: 1, maxLength: 4 })
  .map((list) => list.map((sizes, id) => cellOf(id, ...sizes)));
const pool = (numa_node: number | null, count: number): PciPool => ({
  vendor_id: '8086',
  product_id: '1572',
  dev_type: 'type-PCI',
  numa_node,
  count,
});
const node = fc.record({
  cells,
  pools: fc.array(
    fc.tuple(fc.option(fc.nat(3)), fc.nat(3)).map(([at, count]) => pool(at, count)),
    { maxLength: 2 },
  ),
  cpu_ratio: fc.constantFrom(1, 4),
  ram_ratio: fc.constantFrom(1, 1.5),
});
const guestCell: fc.Arbitrary<GuestCell> = fc.record({
  shared: fc.nat(3),
  dedicated: fc.nat(4),
  memory_mb: fc.integer({ min: 2, max: 1024 }),
});
const topology: fc.Arbitrary<GuestTopology> = fc.record({
  cells: fc.array(guestCell, { minLength: 1, maxLength: 3 }),
  threads: fc.constantFrom('prefer', 'isolate', 'require'),
  pages: fc.constantFrom(null, 'small' as const, 'large' as const, 'any' as const, 2048),
  isolatesEmulator: fc.boolean(),
});
const request: fc.Arbitrary<PciRequest> = fc.record({
  alias: fc
    .constantFrom('required', 'socket', 'preferred', 'legacy')
    .map((nearness) => ({ name: 'nic', vendor_id: '8086', product_id: '1572', dev_type: 'type-PCI', nearness }) as const),
  count: fc.integer({ min: 1, max: 3 }),
});
const demand: fc.Arbitrary<HardwareDemand> = fc.record({
  topology: fc.option(topology),
  devices: fc.array(request, { maxLength: 2 }),
});

/** Puts as many guests on the node as fit, in order. */
function filled(of: Omit<NodeHardware, 'held'>, demands: readonly HardwareDemand[]) {
  const holders: HeldHardware[] = [];
  const placed: Array<{ demand: HardwareDemand; held: HeldHardware }> = [];
  for (const one of demands) {
    const outcome = fitHardware(freeHardware(of, holders), one);
    if (!('held' in outcome)) continue;
    holders.push(outcome.held);
    placed.push({ demand: one, held: outcome.held });
  }
  return { holders, placed };
}

describe('guests on a node', () => {
  it('never have more of a cell or a pool than there is, and no thread twice', () => {
    fc.assert(
      fc.property(node, fc.array(demand, { maxLength: 8 }), (of, demands) => {
        const { holders, placed } = filled(of, demands);
        const free = freeHardware(of, holders);
        for (const cell of free.cells) {
          expect(cell.shared).toBeGreaterThanOrEqual(0);
          expect(cell.memoryMb).toBeGreaterThanOrEqual(0);
          for (const pages of cell.pages.values()) expect(pages).toBeGreaterThanOrEqual(0);
        }
        for (const left of free.pools) expect(left.count).toBeGreaterThanOrEqual(0);
        const threads = placed.flatMap(({ held }) => held.cells.flatMap(({ pinned, reserved }) => [...pinned, ...reserved]));
        expect(new Set(threads).size).toBe(threads.length);
      }),
    );
  });

  it('have what they asked for: cells of their own, threads by their policy, pages by their size, devices near enough', () => {
    fc.assert(
      fc.property(node, fc.array(demand, { maxLength: 6 }), (of, demands) => {
        for (const { demand: asked, held } of filled(of, demands).placed) {
          expect(held.devices.reduce((sum, { count }) => sum + count, 0)).toBe(
            asked.devices.reduce((sum, { count }) => sum + count, 0),
          );
          const { topology: wanted } = asked;
          if (wanted === null) return;
          expect(new Set(held.cells.map(({ cell }) => cell)).size).toBe(wanted.cells.length);
          held.cells.forEach((part, index) => {
            const guest = wanted.cells[index] as GuestCell;
            const facts = of.cells.find(({ id }) => id === part.cell) as NumaCell;
            const emulator = index === 0 && wanted.isolatesEmulator ? 1 : 0;
            expect(part.pinned).toHaveLength(guest.dedicated + emulator);
            expect(part.pinned.every((cpu) => facts.pcpus.includes(cpu))).toBe(true);
            const cores = new Set(part.pinned.map((cpu) => facts.siblings.findIndex((core) => core.includes(cpu))));
            if (wanted.threads === 'isolate') expect(cores.size).toBe(part.pinned.length);
            if (wanted.pages === 'large' || wanted.pages === 2048) expect(part.page_kb).toBe(2048);
          });
          const required = asked.devices.every(({ alias }) => alias.nearness === 'required');
          if (required) for (const device of held.devices) expect(held.cells.map(({ cell }) => cell)).toContain(device.numa_node);
        }
      }),
    );
  });

  it('of one cell fit exactly where one of the cells alone would do', () => {
    fc.assert(
      fc.property(node, demand, (of, asked) => {
        const one = { devices: [], topology: asked.topology && { ...asked.topology, cells: asked.topology.cells.slice(0, 1) } };
        const alone = of.cells.some((cell) => 'held' in fitHardware(freeHardware({ ...of, cells: [cell] }, []), one));
        const outcome = fitHardware(freeHardware(of, []), one);
        expect('held' in outcome).toBe(one.topology === null || alone);
        if ('misfit' in outcome) expect(outcome.misfit).not.toBe('');
      }),
    );
  });

  it('that leave make room for the same again', () => {
    fc.assert(
      fc.property(node, fc.array(demand, { minLength: 1, maxLength: 5 }), (of, demands) => {
        const { holders, placed } = filled(of, demands);
        const last = placed.at(-1);
        if (last === undefined) return;
        expect('held' in fitHardware(freeHardware(of, holders.slice(0, -1)), last.demand)).toBe(true);
      }),
    );
  });

  it('are looked for in a bounded number of ways', () => {
    const many = Array.from({ length: 16 }, (_, id) => cellOf(id, 1, 0, 1000, 0));
    const guest = { shared: 1, dedicated: 0, memory_mb: 1 };
    const devices: readonly PciRequest[] = [
      { alias: { name: 'nic', vendor_id: '8086', product_id: '1572', dev_type: 'type-PCI', nearness: 'legacy' }, count: 1 },
    ];
    const wanted = { cells: Array(16).fill(guest), threads: 'prefer', pages: null, isolatesEmulator: false } as const;
    const free = freeHardware({ cells: many, pools: [], cpu_ratio: 1, ram_ratio: 1 }, []);
    expect(fitHardware(free, { topology: wanted, devices })).toEqual({
      misfit: `none of ${MOST_WAYS} ways to lay the guest on its cells does`,
    });
  });
});
