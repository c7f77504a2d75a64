import {
  type DemandOutcome,
  type FitOutcome,
  fitHardware,
  freeHardware,
  type HardwareDemand,
  hardwareDemand,
  type RequestSpec,
} from '@kilonova/compute-objects';
import type { FilterOptions } from './filters/filter-options.js';
import type { HostState } from './host-state.js';

const known = new WeakMap<RequestSpec, DemandOutcome>();

/** What a request wants of cells and devices; read once for each spec. */
export function demandOf(spec: RequestSpec, { pciAliases }: FilterOptions): DemandOutcome {
  const found = known.get(spec) ?? hardwareDemand(spec.flavor, spec.image?.properties ?? {}, pciAliases);
  known.set(spec, found);
  return found;
}

const NOTHING = { cells: [], pools: [], cpu_ratio: 1, ram_ratio: 1 };

/** What is left of a host's cells and devices, with what is on its way there counted. */
export const freeOf = ({ facts: { hardware }, pending }: HostState) =>
  freeHardware(hardware ?? NOTHING, [...Object.values(hardware?.held ?? {}), ...pending]);

/** Whether one more server fits a host's cells and devices, and how it would lie there. */
export const fitOn = (host: HostState, demand: HardwareDemand): FitOutcome => fitHardware(freeOf(host), demand);
