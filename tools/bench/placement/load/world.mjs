// What the measured worlds consist of, as calls that create it. Hosts are numbered from 0; a larger world contains the smaller.
//
// Every host has processors, memory and disk, is in one of ten racks and in one of three zones. Every twentieth has two NUMA
// nodes, each with a graphics card below it. Each zone has a pool that shares its space with the zone's hosts; its class is one
// of its own, so that pools take no part in requests for DISK_GB. One provider, the hub, is what everybody claims from.

const RACKS = 10;
const ZONES = 3;
const NUMA_NODES = 2;

/** One host of so many has NUMA nodes. */
const NESTED_EVERY = 20;

/** Which hosts have a trait: the first of so many. */
const TRAITS = { COMPUTE_NODE: 1, HW_CPU_X86_AVX2: 1, CUSTOM_GOLD: 2, STORAGE_DISK_SSD: 4, CUSTOM_RARE: 10 };

/** A UUID for the thing of some kind, a word of eight hexadecimal digits, and number. */
const uuidOf = (kind, number) => `${kind}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

export const hostUuid = (number) => uuidOf('00000001', number);
export const rackUuid = (number) => uuidOf('000000aa', number);
const numaUuid = (number) => uuidOf('00000002', number);
const cardUuid = (number) => uuidOf('00000003', number);
const poolUuid = (number) => uuidOf('00000004', number);
const zoneUuid = (number) => uuidOf('000000bb', number);
export const HUB_UUID = uuidOf('00000005', 0);

/**
 * The calls that create one provider, to be sent in order: each write raises the provider's generation by one.
 * `inventories` is { CLASS: fields }, `traits` names, `aggregates` UUIDs; what is left out is not written.
 */
function providerCalls({ uuid, name, parent, inventories, traits, aggregates }) {
  const root = { name, uuid };
  const create = { method: 'POST', path: '/resource_providers', body: parent ? { ...root, parent_provider_uuid: parent } : root };
  const parts = Object.entries({ inventories, traits, aggregates }).filter(([, value]) => value !== undefined);
  const writes = parts.map(([part, value], generation) => ({
    method: 'PUT',
    path: `/resource_providers/${uuid}/${part}`,
    body: { resource_provider_generation: generation, [part]: value },
  }));
  return [create, ...writes];
}

/** A NUMA node of a host with its graphics card; `index` counts the host's nodes from 0. */
function numaCalls(host, index) {
  const number = host * NUMA_NODES + index;
  const node = { uuid: numaUuid(number), name: `host-${host}-numa-${index}`, parent: hostUuid(host) };
  const card = { uuid: cardUuid(number), name: `host-${host}-card-${index}`, parent: node.uuid };
  return [
    ...providerCalls({ ...node, inventories: { PCPU: { total: 32, max_unit: 32 } }, traits: ['HW_NUMA_ROOT'] }),
    ...providerCalls({ ...card, inventories: { VGPU: { total: 8, max_unit: 8 } } }),
  ];
}

/** The calls that create one host and all below it. */
export function hostCalls(number) {
  const host = providerCalls({
    uuid: hostUuid(number),
    name: `host-${number}`,
    inventories: {
      VCPU: { total: 64, max_unit: 64, allocation_ratio: 16 },
      MEMORY_MB: { total: 262_144, max_unit: 262_144 },
      DISK_GB: { total: 2000, max_unit: 2000 },
    },
    traits: Object.keys(TRAITS).filter((trait) => number % TRAITS[trait] === 0),
    aggregates: [rackUuid(number % RACKS), zoneUuid(number % ZONES)],
  });
  const nodes = number % NESTED_EVERY === 0 ? NUMA_NODES : 0;
  return [...host, ...Array.from({ length: nodes }, (_, index) => numaCalls(number, index)).flat()];
}

const poolCalls = (zone) =>
  providerCalls({
    uuid: poolUuid(zone),
    name: `pool-${zone}`,
    inventories: { CUSTOM_POOL_GB: { total: 100_000_000 } },
    traits: ['MISC_SHARES_VIA_AGGREGATE'],
    aggregates: [zoneUuid(zone)],
  });

/** The calls that create what every world has besides its hosts. */
export function commonCalls() {
  const names = [
    '/traits/CUSTOM_GOLD',
    '/traits/CUSTOM_RARE',
    '/resource_classes/CUSTOM_HUB',
    '/resource_classes/CUSTOM_POOL_GB',
  ];
  const hub = { uuid: HUB_UUID, name: 'hub', inventories: { CUSTOM_HUB: { total: 2_000_000_000 } } };
  const pools = Array.from({ length: ZONES }, (_, zone) => poolCalls(zone));
  return [...names.map((path) => ({ method: 'PUT', path })), ...providerCalls(hub), ...pools.flat()];
}
