// The requests that are measured, by the names under which results are compared: each takes how many hosts the world has and
// answers a call (see client.mjs).
import { randomUUID } from 'node:crypto';
import { HUB_UUID, hostUuid, rackUuid } from './world.mjs';

const get = (path) => ({ method: 'GET', path });

/** A search for allocation candidates; the colons and commas of its values need no escape. */
const candidates = (parameters) => {
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return get(`/allocation_candidates?${query.join('&')}`);
};

const SERVER = { resources: 'VCPU:1,MEMORY_MB:512,DISK_GB:10' };
const ON_POOL = { resources: 'VCPU:1,MEMORY_MB:512,CUSTOM_POOL_GB:10' };
const TWO_RACKS = `in:${rackUuid(2)},${rackUuid(4)}`;

/** Dedicated processors and a graphics card of the same NUMA node. */
const NUMA_AND_CARD = {
  resources: 'DISK_GB:10',
  resources_NUMA: 'PCPU:2',
  required_NUMA: 'HW_NUMA_ROOT',
  resources_CARD: 'VGPU:1',
  same_subtree: '_NUMA,_CARD',
  group_policy: 'none',
};

export const READS = {
  version_root: () => get('/'),
  ac_limit1: () => candidates({ ...SERVER, limit: 1 }),
  ac_limit50: () => candidates({ ...SERVER, limit: 50 }),
  ac_limit1000: () => candidates({ ...SERVER, limit: 1000 }),
  ac_trait_limit50: () => candidates({ ...SERVER, required: 'CUSTOM_RARE', limit: 50 }),
  ac_trait_agg_limit50: () => candidates({ ...SERVER, required: 'CUSTOM_GOLD', member_of: TWO_RACKS, limit: 50 }),
  ac_nested_granular_limit50: () => candidates({ ...NUMA_AND_CARD, limit: 50 }),
  ac_shared_limit50: () => candidates({ ...ON_POOL, limit: 50 }),
  list_providers: () => get('/resource_providers'),
  show_provider: (hosts) => get(`/resource_providers/${hostUuid(Math.floor(Math.random() * hosts))}`),
};

/** A claim of a new consumer on one provider. */
const claim = (provider, resources) => ({
  method: 'PUT',
  path: `/allocations/${randomUUID()}`,
  body: {
    allocations: { [provider]: { resources } },
    consumer_generation: null,
    consumer_type: 'INSTANCE',
    project_id: 'load-project',
    user_id: 'load-user',
  },
});

/** Small enough for a thousand claims on each host, so that a refusal (409) is never for want of room. */
const SHARE = { VCPU: 1, MEMORY_MB: 128, DISK_GB: 1 };
let turn = 0;

export const CLAIMS = {
  claim_spread: (hosts) => {
    turn += 1;
    return claim(hostUuid(turn % hosts), SHARE);
  },
  claim_same_provider: () => claim(HUB_UUID, { CUSTOM_HUB: 1 }),
};

/** The call that gives a claim back. */
export const releaseOf = (claimed) => ({ method: 'DELETE', path: claimed.path });
