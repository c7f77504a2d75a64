import { pciAliases } from '@kilonova/compute-objects';
import { type Config, pciSection } from '@kilonova/config';
import { hostFiltersSection, schedulerSection, weighersSection } from '../config.js';
import { FILTERS, type FilterOptions, type HostFilter } from '../model/filters/index.js';
import type { RunRules } from '../model/placing-run.js';
import type { LimitOptions } from '../model/request/candidate-limits.js';
import type { PreFilterOptions } from '../model/request/pre-filters.js';
import { WEIGHERS } from '../model/weighers/index.js';

export interface SchedulingOptions extends PreFilterOptions, LimitOptions {
  /** Hosts a build may be tried on in all, the first included; 1 means no alternates. */
  readonly maxAttempts: number;
  readonly serviceDownTime: number;
  readonly defaultAvailabilityZone: string;
  /** The age up to which requests share a ranking. */
  readonly rankingAgeMs: number;
  readonly rules: RunRules;
  readonly filters: FilterOptions;
}

/** The configured filters in the configured order. @throws Error naming one that does not exist. */
function filtersNamed(names: readonly string[]): readonly HostFilter[] {
  return names.map((name) => {
    const filter = FILTERS.find((candidate) => candidate.name === name);
    if (filter === undefined)
      throw new Error(
        `scheduler.enabledFilters: there is no ${name}; there are ${FILTERS.map((known) => known.name).join(', ')}`,
      );
    return filter;
  });
}

export function schedulingOptions(config: Config): SchedulingOptions {
  const scheduler = config.get(schedulerSection);
  return {
    ...scheduler,
    serviceDownTime: scheduler.serviceDownTimeSeconds,
    filters: { ...config.get(hostFiltersSection), pciAliases: pciAliases(config.get(pciSection).aliases) },
    rankingAgeMs: scheduler.rankingAgeSeconds * 1000,
    rules: {
      filters: filtersNamed(scheduler.enabledFilters),
      weighers: WEIGHERS,
      multipliers: config.get(weighersSection),
      hostSubsetSize: scheduler.hostSubsetSize,
      random: Math.random,
    },
  };
}
