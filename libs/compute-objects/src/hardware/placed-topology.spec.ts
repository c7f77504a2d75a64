import { describe, expect, it } from 'vitest';
import type { Flavor } from '../flavor.js';
import { fitHardware } from './fit-hardware.js';
import { freeHardware } from './free-hardware.js';
import { guestTopology } from './guest-topology.js';
import type { NumaCell } from './hardware.js';
import { placedTopology } from './placed-topology.js';

const cell = (id: number): NumaCell => {
  const own = [0, 1, 2, 3].map((thread) => id * 10 + 4 + thread);
  const cpus = [0, 1, 2, 3].map((thread) => id * 10 + thread);
  const siblings = [own.slice(0, 2), own.slice(2)];
  return { id, socket: 0, cpus, pcpus: own, siblings, memory_mb: 4_096, pages: [{ size_kb: 2_048, total: 512 }] };
};
const NODE = [cell(0), cell(1)];

/** Laid on an empty node. */
function placed(extra_specs: Record<string, string>, vcpus = 4) {
  const flavor = { vcpus, memory_mb: 1_024, extra_specs } as unknown as Flavor;
  const asked = guestTopology(flavor, {});
  if (!('topology' in asked)) throw new Error(asked.fault);
  const free = freeHardware({ cells: NODE, pools: [], cpu_ratio: 1, ram_ratio: 1 }, []);
  const fit = fitHardware(free, { topology: asked.topology, devices: [] });
  if (!('held' in fit)) throw new Error(fit.misfit);
  const { cells, page_kb } = placedTopology(flavor, {}, fit.held.cells, NODE);
  return { page_kb, cells: cells.map(({ pinning, ...rest }) => ({ ...rest, pinning: Object.fromEntries(pinning) })) };
}

describe('how a guest lies on its node', () => {
  it('is not told of one without a topology', () => expect(placed({})).toEqual({ page_kb: null, cells: [] }));

  it('by cells that share their CPUs, with the pages of its memory', () => {
    const even = { siblings: [], memory_mb: 512, pinning: {} };
    expect(placed({ 'hw:numa_nodes': '2', 'hw:mem_page_size': 'large' })).toEqual({
      page_kb: 2_048,
      cells: [
        { ...even, cpus: [0, 1], host_cell: 0 },
        { ...even, cpus: [2, 3], host_cell: 1 },
      ],
    });
  });

  it('by threads of its own, two of each core', () => {
    expect(placed({ 'hw:cpu_policy': 'dedicated', 'hw:cpu_thread_policy': 'require' }).cells).toEqual([
      {
        cpus: [0, 1, 2, 3],
        siblings: [
          [0, 1],
          [2, 3],
        ],
        memory_mb: 1_024,
        host_cell: 0,
        pinning: { 0: 4, 1: 5, 2: 6, 3: 7 },
      },
    ]);
  });

  it('without siblings where cores have not as many, and with those CPUs pinned alone that are its own', () => {
    const [mixed] = placed({ 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '1-3' }).cells;
    expect(mixed).toMatchObject({ cpus: [0, 1, 2, 3], siblings: [], pinning: { 1: 4, 2: 5, 3: 6 } });
  });
});
