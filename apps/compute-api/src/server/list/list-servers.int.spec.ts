import { eventually } from '@kilonova/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IMAGE, useServerCloud } from '../../spec-support/server-cloud.js';

interface Brief {
  readonly id: string;
  readonly name: string;
}

describe('listing servers', () => {
  const cloud = useServerCloud();
  const ids: Record<string, string> = {};
  const names = async (query: string, call = {}): Promise<string[]> => {
    const { status, body } = await cloud.call('GET', `/servers${query}`, call);
    expect(status, JSON.stringify(body)).toBe(200);
    return (body.servers as Brief[]).map(({ name }) => name);
  };

  beforeAll(async () => {
    await cloud.clear();
    await cloud.host('host2', 3);
    ids['a'] = await cloud.active({ name: 'a', tags: ['red', 'big'], metadata: { k: 'v' } });
    ids['b'] = await cloud.active({ name: 'b', tags: ['red'] }, {}, 'host2', 3);
    ids['c'] = await cloud.createdId({ name: 'c' });
    ids['d'] = await cloud.active({ name: 'd' }, {}, 'host2', 3);
    ids['e'] = await cloud.createdId({ name: 'e' });
    await cloud.place(ids['e'], { vm_state: 'error', task_state: null }, 1);
    ids['theirs'] = await cloud.active({ name: 'theirs' }, { as: 'x:other' });
    await cloud.change(ids['a'], { vm_state: 'stopped', power_state: 4 });
    await cloud.change(ids['d'], { task_state: 'rebooting' }, 3);
  });

  it('merges requests and cells, newest first', async () => {
    expect(await names('')).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(await names('?sort_key=display_name&sort_dir=asc')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await names('?sort_key=host&sort_dir=asc&sort_key=display_name&sort_dir=desc', { as: 'admin:p' })).toEqual([
      'e',
      'c',
      'a',
      'd',
      'b',
    ]);
  });

  it.each([
    '',
    'sort_key=display_name&sort_dir=asc',
    'sort_key=vm_state&sort_dir=asc',
    'sort_key=launched_at',
    'sort_key=task_state&sort_dir=asc',
  ])('walks page by page over all of them: %s', async (order) => {
    const seen: string[] = [];
    let next: string | undefined = `/servers?limit=2&${order}`;
    for (let pages = 0; next !== undefined && pages < 5; pages++) {
      const { body } = await cloud.call('GET', next);
      seen.push(...(body.servers as Brief[]).map(({ name }) => name));
      next = (body.servers_links as Array<{ href: string }> | undefined)?.[0]?.href.split('/v2.1')[1];
    }
    expect(seen).toEqual(await names(`?${order}`));
    expect(seen).toHaveLength(5);
  });

  it.each([
    ['name=^[ab]$', ['b', 'a']],
    ['status=ACTIVE', ['b']],
    ['status=reboot', ['d']],
    ['status=SHUTOFF&status=BUILD', ['c', 'a']],
    ['status=ERROR', ['e']],
    ['flavor=f1', ['e', 'd', 'c', 'b', 'a']],
    ['flavor=other', []],
    [`image=${IMAGE}&limit=1`, ['e']],
    ['tags=red', ['b', 'a']],
    ['tags=red,big', ['a']],
    ['tags-any=big,none', ['a']],
    ['not-tags=red,big', ['e', 'd', 'c', 'b']],
    ['not-tags-any=red', ['e', 'd', 'c']],
    ['vm_state=stopped', ['a']],
    ['ip=10', []],
    ['limit=0', []],
    ['changes-since=2020-01-01T00:00:00Z', ['e', 'd', 'c', 'b', 'a']],
    ['changes-before=2020-01-01T00:00:00Z', []],
  ])('filters by %s', async (query, expected) => {
    expect(await names(`?${query}`)).toEqual(expected);
  });

  it('says what is wrong', async () => {
    const status = async (query: string, call = {}) => (await cloud.call('GET', `/servers?${query}`, call)).status;
    expect(await status('status=nonsense')).toBe(400);
    expect(await names('?status=nonsense', { at: '2.37' })).toEqual([]);
    expect(await status('limit=-1')).toBe(400);
    expect(await status('limit=x')).toBe(400);
    expect(await status(`marker=${IMAGE}`)).toBe(400);
    expect(await status(`marker=${ids['theirs']}`)).toBe(400);
    expect(await status('name=[')).toBe(400);
    expect(await status('name=(%3F%3Cn%3Ea)')).toBe(400);
    expect(await status('unknown=1')).toBe(400);
    expect(await status('unknown=1', { at: '2.74' })).toBe(200);
    expect(await status('sort_key=host')).toBe(403);
    expect(await status('sort_key=metadata')).toBe(400);
    expect(await status('all_tenants=1')).toBe(403);
    expect(await status('status=deleted')).toBe(403);
  });

  it('shows administrators every project when they ask', async () => {
    const admin = { as: 'admin:other' };
    expect(await names('', admin)).toEqual(['theirs']);
    expect((await names('?all_tenants=1', admin)).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'theirs']);
    expect((await names('?all_tenants=1&tenant_id=p', admin)).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await names('?tenant_id=p', admin)).toEqual(['theirs']);
    expect(await names('?all_tenants=1&host=host2', admin)).toEqual(['d', 'b']);
  });

  it('tells each version what it asked for', async () => {
    const detail = async (at: string, as = 'u:p') =>
      (await cloud.call('GET', `/servers/detail?name=^b$`, { at, as })).body.servers[0] as Record<string, unknown>;
    expect(await detail('2.1')).toMatchObject({ name: 'b', status: 'ACTIVE', flavor: { id: 'f1' }, accessIPv4: '', progress: 0 });
    expect(await detail('2.1')).not.toHaveProperty('locked');
    expect(await detail('2.1')).not.toHaveProperty('OS-EXT-SRV-ATTR:host');
    expect(await detail('2.1', 'admin:p')).toMatchObject({
      'OS-EXT-SRV-ATTR:host': 'host2',
      'OS-EXT-SRV-ATTR:instance_name': expect.stringMatching(/^instance-[0-9a-f]{8}$/),
    });
    expect(await detail('2.96')).toMatchObject({
      flavor: { original_name: 'm1.tiny', vcpus: 1 },
      tags: ['red'],
      locked: false,
      pinned_availability_zone: null,
      'OS-EXT-SRV-ATTR:hostname': 'b',
    });
    expect(await detail('2.96')).not.toHaveProperty('host_status');
    expect(await detail('2.16', 'admin:p')).toMatchObject({ host_status: 'UP' });
    expect((await detail('2.96'))['hostId']).toMatch(/^[0-9a-f]{56}$/);
  });
});

describe('listing servers while a cell is down', () => {
  const cloud = useServerCloud({ cells: { timeoutSeconds: 0.5, refreshSeconds: 1 } });
  let up = '';
  let down = '';
  beforeAll(async () => {
    up = await cloud.active({ name: 'up' });
    down = await cloud.active({ name: 'down' }, {}, 'host2', 3);
    await cloud.api.query(
      `UPDATE cell_mappings SET database_connection = 'postgresql://nobody@127.0.0.1:1/none' WHERE name = 'cell2'`,
    );
    await eventually(async () => expect((await cloud.call('GET', `/servers/${down}`)).body.server.status).toBe('UNKNOWN'));
  });
  beforeEach(() => undefined);

  it('marks its servers since 2.69 and leaves them out before', async () => {
    const { body } = await cloud.call('GET', '/servers/detail');
    expect(body.servers).toHaveLength(2);
    expect(body.servers[0]).toMatchObject({ id: down, status: 'UNKNOWN', tenant_id: 'p' });
    expect(body.servers[0]).not.toHaveProperty('name');
    expect(body.servers[1]).toMatchObject({ id: up, status: 'ACTIVE' });
    expect((await cloud.call('GET', '/servers', { at: '2.68' })).body.servers.map(({ id }: Brief) => id)).toEqual([up]);
    expect((await cloud.call('GET', '/servers?status=ACTIVE')).body.servers.map(({ id }: Brief) => id)).toEqual([up]);
  });

  it('shows what the request said of one, and refuses to change it', async () => {
    expect((await cloud.call('GET', `/servers/${down}`)).body.server).toMatchObject({
      id: down,
      status: 'UNKNOWN',
      user_id: 'u',
      flavor: { original_name: 'm1.tiny' },
      image: { id: IMAGE },
      'OS-EXT-STS:power_state': 0,
      server_groups: [],
    });
    expect((await cloud.call('GET', `/servers/${down}`, { at: '2.68' })).status).toBe(503);
    expect((await cloud.call('DELETE', `/servers/${down}`)).status).toBe(503);
    expect((await cloud.call('PUT', `/servers/${down}`, { body: { server: { name: 'x' } } })).status).toBe(503);
  });
});
