// Host weighers: what makes one fitting host better than another. Names are those that operators configure.
import type { RequestSpec } from '@kilonova/compute-objects';
import { metricRatios } from '../filters/filter-options.js';
import type { SchedulingFacts } from '../filters/index.js';
import { metricOf } from '../filters/metrics.host-filter.js';
import { freeOf } from '../host-hardware.js';
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

/** Devices beyond which hosts count alike, by the published rule. */
const MOST_DEVICES = 100;

const devicesLeft = (host: HostState): number =>
  host.facts.hardware === null ? 0 : freeOf(host).pools.reduce((sum, { count }) => sum + count, 0);

/** For a server that is to move: its own cell before others. */
function cellOfMove({ facts: { cellUuid } }: HostState, { requested_destination: asked }: RequestSpec): number {
  if (asked?.cell == null) return 0;
  return asked.cell === cellUuid ? 1 : -1;
}

/** Servers on the host whose images have the same properties, by weight. Agents count them: `name=value` → servers. */
function imageProps({ facts: { stats } }: HostState, { image }: RequestSpec, { options }: SchedulingFacts): number {
  const counts = countsIn(stats['image_properties']);
  const weights = new Map(metricRatios(options.imagePropsWeightSetting));
  const weightOf = (name: string): number => (weights.size === 0 ? 1 : (weights.get(name) ?? 0));
  return Object.entries(image?.properties ?? {}).reduce(
    (sum, [name, value]) => sum + weightOf(name) * (counts[`${name}=${value}`] ?? 0),
    0,
  );
}

function countsIn(text: string | undefined): Readonly<Record<string, number>> {
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as Record<string, number>;
  } catch {
    return {};
  }
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
  weigher('pci', 1, (host) => MOST_DEVICES - Math.min(devicesLeft(host), MOST_DEVICES - 1)),
  weigher('crossCellMove', 1_000_000, (host, spec) => cellOfMove(host, spec)),
  weigher('imageProps', 0, (host, spec, facts) => imageProps(host, spec, facts)),
];
