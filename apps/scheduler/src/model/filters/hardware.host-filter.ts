import { type HardwareDemand, wantsHardware } from '@kilonova/compute-objects';
import { demandOf, fitOn } from '../host-hardware.js';
import { type HostFilter, PASS, reject } from './host-filter.js';

/** A filter that fits a part of what the request wants to what is left of the host. */
const fitting = (name: string, part: (whole: HardwareDemand) => HardwareDemand): HostFilter => ({
  name,
  check(host, spec, { options }) {
    const outcome = demandOf(spec, options);
    if ('fault' in outcome) return reject(outcome.fault);
    const demand = part(outcome.demand);
    if (!wantsHardware(demand)) return PASS;
    const fit = fitOn(host, demand);
    return 'held' in fit ? PASS : reject(fit.misfit);
  },
});

/** Guests with NUMA cells, CPUs of their own or pages: on hosts where they can lie so, with their devices as near as these have to be. */
export const numaTopologyFilter = fitting('NUMATopologyFilter', (whole) =>
  whole.topology === null ? { topology: null, devices: [] } : whole,
);

/** Guests with PCI devices: on hosts that have as many left, wherever they hang. */
export const pciPassthroughFilter = fitting('PciPassthroughFilter', ({ devices }) => ({ topology: null, devices }));
