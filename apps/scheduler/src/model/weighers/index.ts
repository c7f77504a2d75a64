// Host weighers: what makes one fitting host better than another. Names are those that operators configure.
import type { RequestSpec } from '@kilonova/compute-objects';
import type { SchedulingFacts } from '../filters/index.js';
import { free, type HostState } from '../host-state.js';
import type { HostWeigher } from './host-weigher.js';

export * from './host-weigher.js';
export { WeightScale } from './weight-scale.js';

const stat = (host: HostState, key: string): number => Number(host.facts.stats[key] ?? 0);

const members = (host: HostState, spec: RequestSpec, facts: SchedulingFacts, policy: string): number =>
  spec.instance_group?.policy === policy ? (facts.groupMembersByHost[host.facts.host] ?? 0) : 0;

export const WEIGHERS: readonly HostWeigher[] = [
  { name: 'ram', defaultMultiplier: 1, floor: 0, value: (host) => free(host, 'MEMORY_MB') },
  { name: 'cpu', defaultMultiplier: 1, floor: 0, value: (host) => free(host, 'VCPU') },
  { name: 'disk', defaultMultiplier: 1, floor: 0, value: (host) => free(host, 'DISK_GB') },
  { name: 'ioOps', defaultMultiplier: -1, floor: 0, value: (host) => stat(host, 'io_workload') + host.taken },
  { name: 'softAffinity', defaultMultiplier: 1, value: (host, spec, facts) => members(host, spec, facts, 'soft-affinity') },
  {
    name: 'softAntiAffinity',
    defaultMultiplier: 1,
    value: (host, spec, facts) => -members(host, spec, facts, 'soft-anti-affinity'),
  },
  { name: 'buildFailure', defaultMultiplier: 1_000_000, value: (host) => -stat(host, 'failed_builds') },
  { name: 'numInstances', defaultMultiplier: 0, value: (host) => stat(host, 'num_instances') + host.taken },
  { name: 'hypervisorVersion', defaultMultiplier: 1, value: (host) => host.facts.hypervisorVersion },
];
