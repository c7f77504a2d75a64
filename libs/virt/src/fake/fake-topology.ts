import type { NumaCell } from '@kilonova/compute-objects';
import type { NodeFacts } from '../virt-driver.port.js';
import type { FakeHostSize } from './fake.driver.js';
import type { FakeHardware } from './fake-hardware.js';

const PAGE_KB = 2048;
const THREADS = 2;

/** The cells and devices that a simulated host tells of; undefined: of none. */
export function fakeTopology(
  { vcpus, memoryMb }: FakeHostSize,
  { topology = 0, pciPools = [] }: FakeHardware,
): NodeFacts['hardware'] {
  if (topology === 0 && pciPools.length === 0) return undefined;
  const [cpus, memory] = [Math.floor(vcpus / Math.max(1, topology)), Math.floor(memoryMb / Math.max(1, topology))];
  return { cells: Array.from({ length: topology }, (_, id) => cellOf(id, cpus, memory)), pools: pciPools };
}

/** A quarter of the memory is in large pages. */
function cellOf(id: number, cpus: number, memory: number): NumaCell {
  const threads = Array.from({ length: cpus }, (_, index) => id * cpus + index);
  const cores = Math.floor(cpus / 2 / THREADS);
  const own = threads.slice(cpus - cores * THREADS);
  const pages = Math.floor((memory * 1024) / PAGE_KB / 4);
  return {
    id,
    socket: id >> 1,
    cpus: threads.slice(0, cpus - own.length),
    pcpus: own,
    siblings: Array.from({ length: cores }, (_, core) => own.slice(core * THREADS, (core + 1) * THREADS)),
    memory_mb: memory - (pages * PAGE_KB) / 1024,
    pages: [{ size_kb: PAGE_KB, total: pages }],
  };
}
