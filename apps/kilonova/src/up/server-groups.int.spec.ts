import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase } from '@kilonova/local-servers';
import { eventually, useDatabase } from '@kilonova/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cloud } from './cloud.js';
import { CloudClient } from './cloud-client.js';
import { Progress } from './progress.js';
import { StateDir } from './state-dir.js';
import { UP_DEFAULTS } from './up-options.js';

interface Server {
  readonly id: string;
  readonly status: string;
  readonly 'OS-EXT-SRV-ATTR:host': string | null;
}

const HOSTS = 10;
/** Loaded machines take their time. */
const SETTLED = { deadlineMs: 120_000 };

const database = useDatabase();

describe('server groups in a whole cloud', () => {
  const state = StateDir.create(mkdtempSync(join(tmpdir(), 'server-groups-')));
  let cloud: Cloud;
  let client: CloudClient;
  let compute: string;
  let image: string;

  beforeAll(async () => {
    const options = {
      ...UP_DEFAULTS,
      cells: 1,
      hosts: HOSTS,
      portBase: await freePortBase(),
      postgres: database.url,
      databasePrefix: `groups_${process.pid}_${Date.now()}`,
      logLevel: 'error',
      proof: false,
    };
    cloud = new Cloud(options, state, new Progress(() => undefined));
    await cloud.start();
    compute = cloud.layout.endpoints.compute;
    client = new CloudClient(cloud.layout.endpoints, state.secret('admin-password'));
    const { body } = await client.ask<{ images: Array<{ id: string }> }>('GET', `${cloud.layout.endpoints.image}/v2/images`);
    image = body.images[0]?.id ?? '';
    await client.ask('PUT', `${compute}/os-quota-class-sets/default`, {
      quota_class_set: { instances: -1, cores: -1, ram: -1, server_groups: -1, server_group_members: -1 },
    });
    await pair();
  }, 180_000);

  afterEach(async () => {
    for (const { id } of await servers()) await client.ask('DELETE', `${compute}/servers/${id}`);
    await eventually(async () => expect(await servers()).toEqual([]), SETTLED);
  }, 130_000);

  afterAll(async () => {
    await cloud?.stop();
    rmSync(state.root, { recursive: true, force: true });
  }, 60_000);

  /** Two hosts are a zone of their own. */
  async function pair(): Promise<void> {
    const aggregate = { name: 'pair', availability_zone: 'pair' };
    const { body } = await client.ask<{ aggregate: { id: number } }>('POST', `${compute}/os-aggregates`, { aggregate });
    for (const host of ['cell1-host1', 'cell1-host2'])
      await client.ask('POST', `${compute}/os-aggregates/${body.aggregate.id}/action`, { add_host: { host } });
  }

  async function group(policy: string, rules?: object): Promise<string> {
    const server_group = { name: policy, policy, ...(rules && { rules }) };
    const { body } = await client.ask<{ server_group: { id: string } }>('POST', `${compute}/os-server-groups`, { server_group });
    return body.server_group.id;
  }

  async function boot(groupId: string | undefined, more: object = {}): Promise<string> {
    const server = { name: 'member', imageRef: image, flavorRef: '1', networks: 'none', ...more };
    const hints = groupId === undefined ? {} : { 'os:scheduler_hints': { group: groupId } };
    const { body } = await client.ask<{ server: { id: string } }>('POST', `${compute}/servers`, { server, ...hints });
    return body.server.id;
  }

  const servers = async (): Promise<readonly Server[]> =>
    (await client.ask<{ servers: Server[] }>('GET', `${compute}/servers/detail?all_tenants=1&limit=1000`)).body.servers;

  async function settled(count: number): Promise<readonly Server[]> {
    await eventually(async () => {
      const all = await servers();
      expect(all).toHaveLength(count);
      expect(all.filter(({ status }) => status === 'BUILD')).toEqual([]);
    }, SETTLED);
    return servers();
  }

  /** How a server was scheduled; it is kept a moment later. */
  const explained = (id: string | undefined) =>
    eventually(async () => {
      const headers = { 'openstack-api-version': 'compute 2.90, kilonova 1.1' };
      const url = `${compute}/servers/${id}/scheduling`;
      const { body } = await client.ask<{ scheduling: object[] }>('GET', url, undefined, headers);
      expect(body.scheduling).toHaveLength(1);
      return body.scheduling[0];
    });

  const hostsOf = (all: readonly Server[]): readonly string[] =>
    all.filter(({ status }) => status === 'ACTIVE').map((server) => server['OS-EXT-SRV-ATTR:host'] ?? '');

  it('fifty boots side by side over ten hosts: ten ACTIVE, no two on one host', async () => {
    const id = await group('anti-affinity');
    await Promise.all(Array.from({ length: 50 }, () => boot(id)));
    const all = await settled(50);
    const hosts = hostsOf(all);
    expect(hosts).toHaveLength(HOSTS);
    expect(new Set(hosts).size).toBe(HOSTS);
    const [placed, failed] = ['ACTIVE', 'ERROR'].map((status) => all.find((server) => server.status === status));
    expect(await explained(placed?.id)).toMatchObject({ outcome: 'selected', host: placed?.['OS-EXT-SRV-ATTR:host'] });
    expect(await explained(failed?.id)).toMatchObject({
      outcome: 'no-valid-host',
      refused: [{ stage: 'filter', rule: 'ServerGroupAntiAffinityFilter', hosts: HOSTS }],
    });
  }, 300_000);

  it('seven boots in a row with tolerance three on two hosts, one of them fuller: six ACTIVE, three on each', async () => {
    for (let n = 0; n < 3; n++) await boot(undefined, { name: 'other', availability_zone: 'pair:cell1-host1' });
    await settled(3);
    const id = await group('anti-affinity', { max_server_per_host: 3 });
    const members: string[] = [];
    for (let n = 0; n < 7; n++) members.push(await boot(id, { availability_zone: 'pair' }));
    const hosts = hostsOf((await settled(10)).filter((server) => members.includes(server.id)));
    expect([...hosts].sort()).toEqual([...Array(3).fill('cell1-host1'), ...Array(3).fill('cell1-host2')]);
  }, 300_000);

  it.each([
    ['one after the other', 1],
    ['in one request', 6],
  ])(
    'soft anti-affinity shares two hosts evenly, %s',
    async (_how, atOnce) => {
      const id = await group('soft-anti-affinity');
      for (let n = 0; n < 6; n += atOnce) await boot(id, { availability_zone: 'pair', min_count: atOnce, max_count: atOnce });
      expect([...hostsOf(await settled(6))].sort()).toEqual([...Array(3).fill('cell1-host1'), ...Array(3).fill('cell1-host2')]);
    },
    300_000,
  );

  it('a member that failed, or was deleted, frees its place', async () => {
    const breakHosts = (brokenHosts: readonly string[]): void =>
      writeFileSync(join(state.root, 'fake-driver.json'), JSON.stringify({ brokenHosts }));
    const id = await group('anti-affinity');
    breakHosts(['*']);
    for (let n = 0; n < 2; n++) await boot(id, { availability_zone: 'pair' });
    expect((await settled(2)).map(({ status }) => status)).toEqual(['ERROR', 'ERROR']);
    breakHosts([]);
    for (let n = 0; n < 2; n++) await boot(id, { availability_zone: 'pair' });
    const active = (await settled(4)).filter(({ status }) => status === 'ACTIVE');
    expect([...hostsOf(active)].sort()).toEqual(['cell1-host1', 'cell1-host2']);
    await client.ask('DELETE', `${compute}/servers/${active[0]?.id}`);
    await settled(3);
    await boot(id, { availability_zone: 'pair' });
    expect([...hostsOf(await settled(4))].sort()).toEqual(['cell1-host1', 'cell1-host2']);
  }, 300_000);
});
