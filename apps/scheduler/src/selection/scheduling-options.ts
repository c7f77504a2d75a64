import type { Config } from '@kilonova/config';
import { schedulerSection, weighersSection } from '../config.js';
import { FILTERS, type HostFilter } from '../model/filters/index.js';
import { WEIGHERS } from '../model/weighers/index.js';
import type { SchedulingOptions } from './find-hosts.service.js';

/** The configured filters in the configured order. @throws Error naming one that does not exist. */
export function filtersNamed(names: readonly string[]): readonly HostFilter[] {
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
    rules: {
      filters: filtersNamed(scheduler.enabledFilters),
      weighers: WEIGHERS,
      multipliers: config.get(weighersSection),
      hostSubsetSize: scheduler.hostSubsetSize,
      random: Math.random,
    },
  };
}
