import type { HostState } from '../host-state.js';
import { leastOfAggregates } from './aggregate-values.js';
import type { FilterOptions } from './filter-options.js';
import { type HostFilter, PASS, reject } from './host-filter.js';

const stat = (host: HostState, key: string): number => Number(host.facts.stats[key] ?? 0) + host.taken;

/** A limit on what a host has to do: what it reported, and what was put there since. */
const limit = (
  name: string,
  what: string,
  key: string,
  most: (host: HostState, options: FilterOptions) => number,
): HostFilter => ({
  name,
  check(host, _spec, { options }) {
    const [count, limit] = [stat(host, key), most(host, options)];
    return count < limit ? PASS : reject(`${count} ${what} of at most ${limit}`);
  },
});

const BUILDS = 'builds and moves under way';

/** Keeps hosts with too many builds, moves and snapshots under way from getting more. */
export const ioOpsFilter = limit('IoOpsFilter', BUILDS, 'io_workload', (_host, options) => options.maxIoOpsPerHost);

/** The same with a limit of its own for an aggregate: `max_io_ops_per_host`. */
export const aggregateIoOpsFilter = limit('AggregateIoOpsFilter', BUILDS, 'io_workload', (host, options) =>
  leastOfAggregates(host, 'max_io_ops_per_host', options.maxIoOpsPerHost),
);

/** At most so many servers on a host. */
export const numInstancesFilter = limit(
  'NumInstancesFilter',
  'servers',
  'num_instances',
  (_host, options) => options.maxInstancesPerHost,
);

/** The same with a limit of its own for an aggregate: `max_instances_per_host`. */
export const aggregateNumInstancesFilter = limit('AggregateNumInstancesFilter', 'servers', 'num_instances', (host, options) =>
  leastOfAggregates(host, 'max_instances_per_host', options.maxInstancesPerHost),
);
