// How a guest lies on its node: NUMA cells, CPUs of its own, pages of memory, PCI devices. Pure: scheduler and agent judge alike.
export { cpuSet, dedicatedCpus } from './cpu-set.js';
export { type FitOutcome, fitHardware, type HardwareDemand, MOST_WAYS, wantsHardware } from './fit-hardware.js';
export { type FreeCell, type FreeHardware, freeHardware } from './free-hardware.js';
export * from './guest-topology.js';
export * from './hardware.js';
export * from './hardware-demand.js';
export * from './pci-request.js';
export * from './placed-topology.js';
