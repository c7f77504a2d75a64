import type { PlacedTopology } from '@kilonova/compute-objects';

/** @param showsHost whether the caller may see where on the host its cells lie */
export const topologyView = ({ cells, page_kb }: PlacedTopology, showsHost: boolean) => ({
  nodes: cells.map(({ cpus, siblings, memory_mb, host_cell, pinning }) => ({
    vcpu_set: cpus,
    siblings,
    memory_mb,
    ...(showsHost ? { host_node: host_cell, cpu_pinning: Object.fromEntries(pinning) } : {}),
  })),
  pagesize_kb: page_kb,
});
