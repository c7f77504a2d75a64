// Builders for specs of this app: a small flavor, spec and host, each overridable.
import type { Flavor, RequestSpec } from '@kilonova/compute-objects';
import { DEFAULT_FILTER_OPTIONS, type SchedulingFacts } from '../model/filters/index.js';
import type { HostState } from '../model/host-state.js';
import { NO_NETWORK_DEMAND } from '../model/request/network-demand.js';

/** No network asks anything of a host. */
export const NO_NETWORKS = { of: async () => NO_NETWORK_DEMAND };

export const NOW = new Date('2026-01-31T10:00:00Z');

export const flavor = (extra_specs: Record<string, string> = {}): Flavor => ({
  id: 1,
  flavorid: '1',
  name: 'm1.tiny',
  vcpus: 1,
  memory_mb: 512,
  root_gb: 1,
  ephemeral_gb: 0,
  swap: 0,
  rxtx_factor: 1,
  is_public: true,
  disabled: false,
  description: null,
  extra_specs,
});

export const requestSpec = (over: Partial<RequestSpec> = {}): RequestSpec => ({
  instance_uuid: '00000000-0000-4000-8000-000000000001',
  project_id: 'project',
  user_id: 'user',
  num_instances: 1,
  flavor: flavor(),
  image: null,
  availability_zone: null,
  scheduler_hints: {},
  instance_group: null,
  ignore_hosts: [],
  force_hosts: [],
  force_nodes: [],
  requested_destination: null,
  security_groups: ['default'],
  is_bfv: false,
  requested_networks: 'none',
  ...over,
});

export const facts = (over: Partial<SchedulingFacts> = {}): SchedulingFacts => ({
  now: NOW,
  serviceDownTime: 60,
  hintHosts: {},
  groupMembersByHost: {},
  options: DEFAULT_FILTER_OPTIONS,
  ...over,
});

/** A host that is up, with the given free room and one candidate for the tiny flavor. */
export function hostState(
  name: string,
  over: Partial<HostState> & { vcpus?: number; used?: number; cell?: string } = {},
): HostState {
  const { vcpus = 4, used = 0, cell = 'cell1', ...state } = over;
  const uuid = `node-${name}`;
  return {
    facts: {
      computeNodeUuid: uuid,
      host: name,
      nodename: name,
      cellUuid: cell,
      hypervisorType: 'fake',
      hypervisorVersion: 1000,
      hostIp: '127.0.0.1',
      supportedInstances: [['x86_64', 'fake', 'hvm']],
      cpuInfo: '',
      stats: {},
      hardware: null,
      service: { disabled: false, forcedDown: false, lastSeenUp: NOW },
    },
    aggregates: [],
    availabilityZone: 'nova',
    candidates: [{ allocations: { [uuid]: { resources: { VCPU: 1, MEMORY_MB: 512, DISK_GB: 1 } } } }],
    resources: {
      VCPU: { capacity: vcpus, used },
      MEMORY_MB: { capacity: vcpus * 1024, used: used * 512 },
      DISK_GB: { capacity: 100, used },
    },
    taken: 0,
    pending: [],
    ...state,
  };
}
