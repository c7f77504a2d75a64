import type { HostState } from '../host-state.js';
import { metricRatios } from './filter-options.js';
import { type HostFilter, PASS, reject } from './host-filter.js';

/** A metric that a host reports among its stats, as `metrics.<name>`. */
export const metricOf = (host: HostState, name: string): number | undefined => {
  const value = host.facts.stats[`metrics.${name}`];
  return value === undefined || Number.isNaN(Number(value)) ? undefined : Number(value);
};

/** Hosts that report all metrics that are weighed by. */
export const metricsFilter: HostFilter = {
  name: 'MetricsFilter',
  check(host, _spec, { options }) {
    const missing = metricRatios(options.metricsWeightSetting).find(([name]) => metricOf(host, name) === undefined);
    return missing === undefined ? PASS : reject(`the host reports no metric ${missing[0]}`);
  },
};
