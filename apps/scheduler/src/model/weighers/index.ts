// Host weighers: what makes one fitting host better than another. Names are those that operators configure.
import type { RequestSpec } from '@kilonova/compute-objects';
import { metricRatios } from '../filters/filter-options.js';
import type { SchedulingFacts } from '../filters/index.js';
import { metricOf } from '../filters/metrics.host-filter.js';
import { free, type HostState } from '../host-state.js';
import type { HostWeigher } from './host-weigher.js';

export * from './host-weigher.js';
export { WeightScale } from './weight-scale.js';

const stat = (host: HostState, key: string): number => Number(host.facts.stats[key] ?? 0);

const members = (host: HostState, spec: RequestSpec, facts: SchedulingFacts, policy: string): number =>
  spec.instance_group?.policy === policy ? (facts.groupMembersByHost[host.facts.host] ?? 0) : 0;

/** What a host without a wanted metric is worth, by the published default. */
const UNAVAILABLE = -10_000;

function metrics(host: HostState, { options }: SchedulingFacts): number {
  const values = metricRatios(options.metricsWeightSetting).map(([name, ratio]) => [metricOf(host, name), ratio] as const);
  if (values.some(([value]) => value === undefined)) return UNAVAILABLE;
  return values.reduce((sum, [value = 0, ratio]) => sum + value * ratio, 0);
}

const weigher = (
  name: string,
  defaultMultiplier: number,
  value: HostWeigher['value'],
  more: Pick<HostWeigher, 'floor'> = {},
): HostWeigher => ({ name, defaultMultiplier, aggregateKey: `${snakeCase(name)}_weight_multiplier`, value, ...more });

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const WEIGHERS: readonly HostWeigher[] = [
  weigher('ram', 1, (host) => free(host, 'MEMORY_MB'), { floor: 0 }),
  weigher('cpu', 1, (host) => free(host, 'VCPU'), { floor: 0 }),
  weigher('disk', 1, (host) => free(host, 'DISK_GB'), { floor: 0 }),
  weigher('ioOps', -1, (host) => stat(host, 'io_workload') + host.taken, { floor: 0 }),
  weigher('softAffinity', 1, (host, spec, facts) => members(host, spec, facts, 'soft-affinity')),
  weigher('softAntiAffinity', 1, (host, spec, facts) => -members(host, spec, facts, 'soft-anti-affinity')),
  weigher('buildFailure', 1_000_000, (host) => -stat(host, 'failed_builds')),
  weigher('numInstances', 0, (host) => stat(host, 'num_instances') + host.taken),
  weigher('hypervisorVersion', 1, (host) => host.facts.hypervisorVersion),
  weigher('metrics', 1, (host, _spec, facts) => metrics(host, facts)),
];
