import { randomUUID } from 'node:crypto';
import type { HeldCell, NodeHardware } from '@kilonova/compute-objects';
import { execute } from '@kilonova/sql';
import { beforeEach, expect, it } from 'vitest';
import { useServerCloud } from '../../spec-support/server-cloud.js';

const cloud = useServerCloud();
const ADMIN = { as: 'admin:p', roles: 'admin' } as const;
const NONE = { nodes: [], pagesize_kb: null };

beforeEach(() => cloud.clear());

/** A server on a node whose agent told of this. */
async function placed(held: readonly HeldCell[]): Promise<string> {
  const [sql, node, id] = [cloud.database(2), randomUUID(), await cloud.active()];
  const cell = { id: 1, socket: 0, cpus: [0], pcpus: [6, 7], siblings: [[6, 7]], memory_mb: 4096, pages: [] };
  const hardware = { cells: [cell], pools: [], cpu_ratio: 1, ram_ratio: 1, held: { [id]: { cells: held, devices: [] } } };
  await execute(sql, ADD_NODE, [node, `node-of-${id}`, JSON.stringify(hardware satisfies NodeHardware)]);
  const flavor = { vcpus: 2, extra_specs: { 'hw:cpu_policy': 'dedicated', 'hw:mem_page_size': 'large' } };
  await execute(sql, 'UPDATE instances SET flavor = flavor || $2, compute_node_uuid = $3 WHERE uuid = $1', [
    id,
    JSON.stringify(flavor),
    node,
  ]);
  return id;
}

const ADD_NODE = `
  INSERT INTO compute_nodes (uuid, host, hypervisor_hostname, hypervisor_type, hypervisor_version, host_ip, vcpus, memory_mb, local_gb,
    vcpus_used, memory_mb_used, local_gb_used, cpu_info, supported_instances, stats, hardware, mapped)
  VALUES ($1, 'host1', $2, 'fake', 1, '127.0.0.1', 8, 4096, 10, 0, 0, 0, '', '[]', '{}', $3, true)`;

const HELD: HeldCell = { cell: 1, shared: 0, pinned: [6, 7], reserved: [], memory_mb: 512, page_kb: 2048 };

it('the topology of a server is what its agent gave it: where that is on the host, administrators see', async () => {
  const id = await placed([HELD]);
  const node = { vcpu_set: [0, 1], siblings: [[0, 1]], memory_mb: 512 };
  const topology = async (call: object = {}) => (await cloud.call('GET', `/servers/${id}/topology`, call)).body;
  expect(await topology()).toEqual({ nodes: [node], pagesize_kb: 2048 });
  expect(await topology(ADMIN)).toEqual({
    nodes: [{ ...node, host_node: 1, cpu_pinning: { 0: 6, 1: 7 } }],
    pagesize_kb: 2048,
  });
});

it('a server without NUMA nodes has a topology without nodes, from 2.78 on', async () => {
  for (const id of [await cloud.active(), await placed([]), await cloud.createdId()])
    expect((await cloud.call('GET', `/servers/${id}/topology`)).body).toEqual(NONE);
  const id = await cloud.active();
  expect((await cloud.call('GET', `/servers/${id}/topology`, { at: '2.77' })).status).toBe(404);
});
