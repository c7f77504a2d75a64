import { describe, expect, it } from 'vitest';
import { SHARING_TRAIT } from '../world/index.js';
import { parseCandidateQuery } from './parse.js';
import { searchCandidates } from './search-candidates.js';
import { showRequests } from './spec-support/show-requests.js';
import { type ProviderSketch, WorldBuilder } from './spec-support/world-builder.js';

const BW = 'NET_BW';
const device = (parent: string, inventories: ProviderSketch['inventories'], ...traits: string[]): ProviderSketch => ({
  parent,
  inventories,
  traits,
});

/** Two hosts: one with NUMA nodes, accelerators and network agents, one with nested network cards. */
const cloud: Record<string, ProviderSketch> = {
  ss1: { inventories: { DISK_GB: 2000 }, traits: [SHARING_TRAIT], aggregates: ['aggA'] },
  cn1: { traits: ['MULTI_ATTACH'], aggregates: ['aggA'] },
  numa0: device('cn1', { VCPU: { total: 4, used: 2 }, MEMORY_MB: { total: 2048, minUnit: 512, stepSize: 256 } }, 'NUMA_ROOT'),
  numa1: device('cn1', { VCPU: 4, MEMORY_MB: { total: 2048, minUnit: 256, maxUnit: 1024 } }, 'NUMA_ROOT', 'FOO'),
  fpga0: device('numa0', { FPGA: 1 }),
  pgpu0: device('numa0', { VGPU: 8 }),
  fpga1_0: device('numa1', { FPGA: 1 }),
  fpga1_1: device('numa1', { FPGA: 1 }),
  sriov: device('cn1', {}, 'DIRECT'),
  esn1: device('sriov', { [BW]: 10000 }, 'NET1'),
  esn2: device('sriov', { [BW]: 20000 }, 'NET2'),
  ovs: device('cn1', {}, 'NORMAL'),
  br: device('ovs', { [BW]: 1000 }, 'NET0'),
  cn2: {
    inventories: { VCPU: { total: 8, used: 3 }, MEMORY_MB: { total: 2048, minUnit: 1024, stepSize: 128 }, DISK_GB: 1000 },
    traits: ['FOO'],
    aggregates: ['aggA'],
  },
  nic1: device('cn2', {}, 'NIC'),
  nic2: device('cn2', {}, 'NIC'),
  nic3: device('cn2', {}, 'NIC'),
  pf1_1: device('nic1', { VF: 4 }, 'NET1'),
  pf1_2: device('nic1', { VF: 4 }, 'NET2'),
  pf2_1: device('nic2', { VF: 2 }, 'NET1'),
  pf2_2: device('nic2', { VF: 2 }, 'NET2'),
  pf2_3: device('nic2', { VF: 2 }, 'NET1'),
  pf2_4: device('nic2', { VF: 2 }, 'NET2'),
  pf3_1: device('nic3', { VF: 8 }, 'NET1'),
};
const { world } = new WorldBuilder(cloud);

function ask(query: string): string[] {
  const parsed = parseCandidateQuery(world, [...new URLSearchParams(query)], 36);
  if (!parsed.ok) throw new Error(parsed.message);
  return showRequests(world, searchCandidates(world, parsed.value, { nestedAware: true }).requests);
}

const ACCEL = 'resources_COMPUTE=VCPU:1&resources_ACCEL=FPGA:1';
const PORTS = 'required_NIC=NIC&required_PORT1=NET1&required_PORT2=NET2';
const FOUR =
  'required_NIC=NIC&required_PORT1=NET1&required_PORT2A=NET2&required_PORT2B=NET2&resources_PORT1=VF:2&resources_PORT2A=VF:1&resources_PORT2B=VF:1';

describe('same_subtree', () => {
  it.each([
    ['is not asked for', `${ACCEL}&group_policy=none`, 6],
    ['names one group', `${ACCEL}&same_subtree=_COMPUTE&group_policy=none`, 6],
    ['names both', `${ACCEL}&same_subtree=_COMPUTE,_ACCEL&group_policy=none`, 3],
    ['is met by one provider', 'resources_1=VCPU:1&resources_2=MEMORY_MB:1024&same_subtree=_1,_2&group_policy=none', 3],
    [
      'cannot be met by one provider when isolated',
      'resources_1=VCPU:1&resources_2=MEMORY_MB:1024&same_subtree=_1,_2&group_policy=isolate',
      0,
    ],
    [
      'ties no cards',
      'resources=VCPU:1&resources_PORT1=VF:4&required_PORT1=NET1&resources_PORT2=VF:4&required_PORT2=NET2&group_policy=none',
      2,
    ],
    [
      'ties ports to a card',
      `resources=VCPU:1&${PORTS}&resources_PORT1=VF:4&resources_PORT2=VF:4&same_subtree=_NIC,_PORT1,_PORT2&group_policy=none`,
      1,
    ],
    [
      'ties small ports to a card',
      `resources=VCPU:1&${PORTS}&resources_PORT1=VF:2&resources_PORT2=VF:2&same_subtree=_NIC,_PORT1,_PORT2&group_policy=none`,
      5,
    ],
    ['counts permutations', `resources=VCPU:1&${FOUR}&same_subtree=_NIC,_PORT1,_PORT2A,_PORT2B&group_policy=none`, 9],
    ['counts isolated permutations', `resources=VCPU:1&${FOUR}&same_subtree=_NIC,_PORT1,_PORT2A,_PORT2B&group_policy=isolate`, 4],
    [
      'names a group without resources on the same provider',
      'resources_1=VF:8&required_2=NET1&same_subtree=_1,_2&group_policy=none',
      1,
    ],
    ['is isolated from it', 'resources_1=VF:8&required_2=NET1&same_subtree=_1,_2&group_policy=isolate', 0],
    [
      'names a root without resources',
      'required_NUMA=NUMA_ROOT&resources_1=FPGA:1&resources_2=FPGA:1&same_subtree=_NUMA,_1,_2&group_policy=isolate',
      2,
    ],
    [
      'names suffixes twice',
      'required_NUMA=NUMA_ROOT&resources_1=FPGA:1&resources_2=FPGA:1&same_subtree=_NUMA,_1,_2,_NUMA&group_policy=isolate',
      2,
    ],
    [
      'has a forbidden trait on the root',
      'required_NUMA=NUMA_ROOT,!FOO&resources_1=FPGA:1&resources_2=FPGA:1&same_subtree=_NUMA,_1,_2&group_policy=isolate',
      0,
    ],
    [
      'comes as overlapping sets',
      'resources_COMPUTE=VCPU:1&required_NIC=NIC&resources_PORT=VF:2&required_PORT=NET1&same_subtree=_NIC,_COMPUTE&same_subtree=_NIC,_PORT&group_policy=none',
      4,
    ],
    [
      'comes as one set',
      'resources_COMPUTE=VCPU:1&required_NIC=NIC&resources_PORT=VF:2&required_PORT=NET1&same_subtree=_NIC,_COMPUTE,_PORT&group_policy=none',
      12,
    ],
    [
      'skips a level',
      `required_MA=MULTI_ATTACH&resources_BW=${BW}:100&resources_COMPUTE=VCPU:4&same_subtree=_MA,_BW,_COMPUTE&group_policy=isolate`,
      3,
    ],
  ])('%s', (_, query, count) => {
    expect(ask(query)).toHaveLength(count);
  });

  it('tells which provider serves which group', () => {
    const compute = 'required_NUMA=NUMA_ROOT&resources_COMPUTE=VCPU:2,MEMORY_MB:512&resources_FPGA=FPGA:1&resources_GPU=VGPU:1';
    const net = `required_AGENT=DIRECT&resources_N1=${BW}:100&required_N1=NET1&resources_N2=${BW}:100&required_N2=NET2`;
    expect(ask(`${compute}&${net}&same_subtree=_NUMA,_COMPUTE,_GPU,_FPGA&same_subtree=_AGENT,_N1,_N2&group_policy=none`)).toEqual(
      [
        'esn1[NET_BW:100] esn2[NET_BW:100] fpga0[FPGA:1] numa0[MEMORY_MB:512 VCPU:2] pgpu0[VGPU:1] / ' +
          '_AGENT=sriov _COMPUTE=numa0 _FPGA=fpga0 _GPU=pgpu0 _N1=esn1 _N2=esn2 _NUMA=numa0',
      ],
    );
  });
});
