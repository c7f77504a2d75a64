import type { SelectDestinationsResult, TryOperation } from '@kilonova/compute-objects';
import { aSelection } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CELLS, IMAGE, useServerCloud } from '../../spec-support/server-cloud.js';

const cloud = useServerCloud();
const OWN = '2.96, kilonova 1.2';
const ADMIN = { as: 'admin:p', at: OWN };

const refused = [{ stage: 'filter', rule: 'ComputeFilter', hosts: 1 }] as const;
const found: SelectDestinationsResult = {
  outcome: 'selected',
  selections: [[aSelection('host1', CELLS.cell1), aSelection('host2', CELLS.cell1)]],
  verdicts: [{ host: 'host3', provider_uuid: null, stage: 'filter', rule: 'ComputeFilter', reason: 'it is disabled' }],
  trace: {
    questions: [{ query: 'resources=VCPU:1', offered: 3, is_cut: false }],
    refused,
    best: [{ host: 'host1', weight: 2, weights: { ram: 2 } }],
    placed: [{ instance: 'i', host: 'host1', alternates: ['host2'] }],
  },
};
const none: SelectDestinationsResult = {
  ...found,
  outcome: 'no-valid-host',
  reason: 'There are not enough hosts available.',
  verdicts: [],
};
const forAll = { outcome: 'selected', reason: '', servers: 1, offered: 3, refused };

beforeAll(async () => {
  await cloud.host('host2');
  await rows(
    cloud.cell1,
    `INSERT INTO compute_nodes (uuid, host, hypervisor_hostname, hypervisor_type, hypervisor_version, host_ip, vcpus, memory_mb,
                                local_gb, vcpus_used, memory_mb_used, local_gb_used, cpu_info, stats, mapped)
     VALUES (gen_random_uuid(), 'host2', 'host2', 'fake', 1000, '127.0.0.1', 8, 8192, 100, 0, 0, 0, '', '{}', true)`,
  );
  await rows(
    cloud.api,
    `WITH zone AS (INSERT INTO aggregates (uuid, name, metadata) VALUES (gen_random_uuid(), 'z', '{"availability_zone": "z"}') RETURNING id)
     INSERT INTO aggregate_hosts (aggregate_id, host) SELECT id, 'host2' FROM zone`,
  );
  await cloud.call('POST', '/flavors', {
    as: 'admin:admin',
    body: { flavor: { name: 'large', id: 'large', vcpus: 3, ram: 2048, disk: 1 } },
  });
});
beforeEach(async () => {
  await cloud.clear();
  cloud.onCast = async () => found;
});

const boot = (server: object = {}, call: object = {}, query = '?dry_run=true', more: object = {}) => {
  const body = { server: { name: 's', imageRef: IMAGE, flavorRef: 'f1', networks: 'none', ...server }, ...more };
  return cloud.call('POST', `/servers${query}`, { at: OWN, ...call, body });
};
const act = (id: string, action: string, body: unknown, call: object = ADMIN) =>
  cloud.call('POST', `/servers/${id}/action?dry_run=true`, { ...call, body: { [action]: body } });

/** All that a request could have left behind. */
async function traces(): Promise<unknown> {
  const tables = [
    'build_requests',
    'request_specs',
    'instance_mappings',
    'quota_usages',
    'quota_holdings',
    'instance_group_members',
  ];
  const counts = await Promise.all(
    tables.map(async (table) => [table, await rows(cloud.api, `SELECT * FROM ${table} ORDER BY 1`)]),
  );
  const inCell = await Promise.all(
    ['instances', 'operations', 'migrations', 'instance_actions'].map((table) => rows(cloud.cell1, `SELECT * FROM ${table}`)),
  );
  return { counts, inCell };
}

describe('a dry run of a boot', () => {
  it('tells tenants how many hosts, administrators which and why not others; nothing is stored', async () => {
    const before = await traces();
    const mine = await boot();
    expect([mine.status, mine.body]).toEqual([200, { dry_run: forAll }]);
    const { body } = await boot({}, ADMIN);
    expect(body.dry_run).toMatchObject({
      ...forAll,
      hosts: [{ host: 'host1', alternates: ['host2'] }],
      best: [{ host: 'host1', weight: 2 }],
      verdicts: [{ host: 'host3', reason: 'it is disabled' }],
    });
    expect(await traces()).toEqual(before);
    expect(cloud.casts.map(({ method }) => method)).toEqual(['try_boot', 'try_boot']);
  });

  it('is told that there is no host as the boot would be', async () => {
    cloud.onCast = async () => none;
    const { status, body } = await boot();
    expect([status, body.dry_run]).toMatchObject([200, { outcome: 'no-valid-host', servers: 0, reason: none.reason }]);
  });

  it('asks for what the boot asks for: count, zone, hints and group', async () => {
    const made = await cloud.call('POST', '/os-server-groups', {
      body: { server_group: { name: 'g', policy: 'anti-affinity' } },
    });
    const group = made.body.server_group.id as string;
    await boot({ min_count: 3, max_count: 3 }, {}, '?dry_run=true', { 'os:scheduler_hints': { group } });
    expect(cloud.casts[0]?.args).toMatchObject({
      request_spec: {
        num_instances: 3,
        flavor: { flavorid: 'f1' },
        instance_group: { uuid: group, policy: 'anti-affinity', members: [] },
      },
      instance_uuids: [expect.any(String), expect.any(String), expect.any(String)],
    });
  });

  it('is refused for what the boot is refused for', async () => {
    await cloud.call('PUT', '/os-quota-sets/p', { as: 'admin:admin', body: { quota_set: { cores: 0 } } });
    expect((await boot()).status).toBe(403);
    await cloud.call('DELETE', '/os-quota-sets/p', { as: 'admin:admin' });
    expect((await boot({ flavorRef: 'none' })).status).toBe(400);
    expect((await boot({ availability_zone: 'nowhere' })).status).toBe(400);
    expect(cloud.casts).toEqual([]);
  });

  it('is there for who asks for the extension, and never a real boot for who does not', async () => {
    for (const at of ['2.96', '2.96, kilonova 1.1']) expect((await boot({}, { at })).status).toBe(400);
    expect((await boot({}, {}, '?dry_run=perhaps')).status).toBe(400);
    expect((await boot({}, {}, '?dry_run=false')).status).toBe(202);
    expect((await boot({}, { at: '2.96' }, '')).status).toBe(202);
  });
});

it.each(['DRY_RUN', 'dryRun', 'dry-run', 'dryrun', 'dry_run[]', 'Dry_Run'])('%s is no dry run, and no deed', async (spelled) => {
  const id = await cloud.active();
  const before = await traces();
  const query = `?${encodeURIComponent(spelled)}=true`;
  for (const at of [OWN, '2.96']) {
    const { status, body } = await boot({}, { at }, query);
    expect([status, body.badRequest?.message]).toEqual([400, expect.stringContaining('dry_run')]);
  }
  expect((await cloud.call('POST', `/servers/${id}/action${query}`, { ...ADMIN, body: { migrate: null } })).status).toBe(400);
  expect((await cloud.call('POST', `/servers/${id}/action${query}`, { body: { 'os-stop': null } })).status).toBe(400);
  expect((await cloud.call('DELETE', `/servers/${id}${query}`)).status).toBe(400);
  expect(await traces()).toEqual(before);
});

it('what cannot be tried is refused, not done', async () => {
  const id = await cloud.active();
  const before = await traces();
  for (const action of ['os-stop', 'forceDelete', 'liveResize']) expect((await act(id, action, null)).status, action).toBe(400);
  expect((await cloud.call('DELETE', `/servers/${id}?dry_run=true`)).status).toBe(400);
  expect((await cloud.call('DELETE', `/servers/${id}?dry_run=false`, { at: '2.1' })).status).toBe(400);
  expect(await traces()).toEqual(before);
});

describe('a dry run of a move', () => {
  const asked = () => cloud.casts.filter(({ method }) => method === 'try_operation').map(({ args }) => args as TryOperation);

  it.each([
    ['resize', { flavorRef: 'large' }, { operation: 'resize', flavor: { flavorid: 'large' }, requested_host: null }],
    ['migrate', { host: 'host2' }, { operation: 'resize', flavor: null, requested_host: 'host2' }],
    ['os-migrateLive', { host: null, block_migration: 'auto' }, { operation: 'liveMigration', flavor: null, forced: false }],
  ])('%s tells the host, and leaves the server alone', async (action, body, args) => {
    const id = await cloud.active();
    const before = await traces();
    expect(await act(id, action, body)).toMatchObject({ status: 200, body: { dry_run: { hosts: [{ host: 'host1' }] } } });
    expect(asked()).toMatchObject([{ instance_uuid: id, ...args }]);
    expect(await traces()).toEqual(before);
    expect(new Set(cloud.casts.map(({ method }) => method))).toEqual(new Set(['schedule_and_build_instances', 'try_operation']));
    expect((await cloud.call('GET', `/servers/${id}`)).body.server).toMatchObject({
      status: 'ACTIVE',
      'OS-EXT-STS:task_state': null,
    });
  });

  it('evacuate: of a host that is down', async () => {
    const id = await cloud.active({}, {}, 'host9');
    expect(await act(id, 'evacuate', {})).toMatchObject({ status: 200, body: { dry_run: forAll } });
    expect(asked()).toMatchObject([{ operation: 'evacuate', requested_host: null }]);
  });

  it('unshelve: of a server that has left its host, with the zone that it would be in', async () => {
    const id = await cloud.active();
    await cloud.settled(id, 'shelved');
    expect((await act(id, 'unshelve', null)).status).toBe(400);
    await cloud.change(id, { vm_state: 'shelved_offloaded', host: null, node: null });
    expect(await act(id, 'unshelve', { availability_zone: 'z' })).toMatchObject({ status: 200 });
    expect(asked()).toMatchObject([{ operation: 'unshelve', availability_zone: 'z' }]);
    const [spec] = await rows<{ zone: string | null }>(
      cloud.api,
      `SELECT spec ->> 'availability_zone' AS zone FROM request_specs`,
    );
    expect(spec?.zone).toBeNull();
  });

  it('is refused for what the move is refused for, a member reads counts only', async () => {
    const id = await cloud.active();
    expect(await act(id, 'resize', { flavorRef: 'large' }, { at: OWN })).toMatchObject({
      status: 200,
      body: { dry_run: forAll },
    });
    expect((await act(id, 'migrate', null, { at: OWN })).status).toBe(403);
    await cloud.call('PUT', '/os-quota-sets/p', { as: 'admin:admin', body: { quota_set: { cores: 2 } } });
    expect((await act(id, 'resize', { flavorRef: 'large' })).status).toBe(403);
    await cloud.call('DELETE', '/os-quota-sets/p', { as: 'admin:admin' });
    await cloud.change(id, { task_state: 'rebooting' });
    expect((await act(id, 'migrate', null)).status).toBe(409);
  });
});
