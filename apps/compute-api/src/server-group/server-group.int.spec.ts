import { describe, expect, it } from 'vitest';
import { useNounApi } from '../spec-support/noun-api.js';
import { serverGroupRoutes } from './server-group.routes.js';

describe('server groups', () => {
  const api = useNounApi(serverGroupRoutes);
  const create = (server_group: Record<string, unknown>, at = '2.1', as = 'u:p') =>
    api.call('POST', '/os-server-groups', { body: { server_group }, at, as });

  it('are shown in the shape of each microversion', async () => {
    const old = (await create({ name: 'g', policies: ['affinity'] })).body.server_group;
    expect(old).toEqual({ id: old.id, name: 'g', policies: ['affinity'], members: [], metadata: {} });
    const shown = (await api.call('GET', `/os-server-groups/${old.id}`, { at: '2.64', as: 'u:p' })).body.server_group;
    expect(shown).toEqual({ id: old.id, name: 'g', policy: 'affinity', rules: {}, members: [], project_id: 'p', user_id: 'u' });
    const ruled = await create({ name: 'r', policy: 'anti-affinity', rules: { max_server_per_host: '2' } }, '2.64');
    expect(ruled.body.server_group.rules).toEqual({ max_server_per_host: 2 });
    expect(api.events.map((event) => event.eventType)).toContain('server_group.create');
  });

  it('are refused with policies of later versions, rules that do not fit, or nonsense', async () => {
    expect((await create({ name: 'g', policies: ['soft-affinity'] }, '2.14')).status).toBe(400);
    expect((await create({ name: 'g', policies: ['soft-affinity'] }, '2.15')).status).toBe(200);
    expect((await create({ name: 'g', policies: ['affinity', 'anti-affinity'] })).status).toBe(400);
    expect((await create({ name: 'g', policies: [] })).status).toBe(400);
    expect((await create({ name: 'g', policies: ['affinity'] }, '2.64')).status).toBe(400);
    expect((await create({ name: 'g', policy: 'affinity', rules: { max_server_per_host: 2 } }, '2.64')).status).toBe(400);
    expect((await create({ name: 'g', policy: 'anti-affinity', rules: { max_server_per_host: 0 } }, '2.64')).status).toBe(400);
  });

  it('belong to their project', async () => {
    const { id } = (await create({ name: 'own', policies: ['affinity'] }, '2.1', 'x:px')).body.server_group;
    expect((await api.call('GET', `/os-server-groups/${id}`, { as: 'u:p' })).status).toBe(403);
    expect((await api.call('GET', '/os-server-groups', { as: 'x:px' })).body.server_groups).toHaveLength(1);
    expect((await api.call('GET', '/os-server-groups?all_projects=True', { as: 'x:px' })).status).toBe(403);
    const all = await api.call('GET', '/os-server-groups?all_projects=True&limit=1&offset=1');
    expect(all.body.server_groups).toHaveLength(1);
    expect((await api.call('DELETE', `/os-server-groups/${id}`, { as: 'x:px' })).status).toBe(204);
    expect((await api.call('DELETE', `/os-server-groups/${id}`, { as: 'x:px' })).status).toBe(404);
    expect((await api.call('GET', '/os-server-groups/nothing', { as: 'x:px' })).status).toBe(404);
  });

  it('are limited by quota', async () => {
    await api.api.query(`INSERT INTO quotas (project_id, resource, hard_limit) VALUES ('tight', 'server_groups', 1)`);
    expect((await create({ name: 'one', policies: ['affinity'] }, '2.1', 'u:tight')).status).toBe(200);
    expect((await create({ name: 'two', policies: ['affinity'] }, '2.1', 'u:tight')).status).toBe(403);
  });

  it('stay within the quota when they are made in parallel', async () => {
    await api.api.query(`INSERT INTO quotas (project_id, resource, hard_limit) VALUES ('few', 'server_groups', 3)`);
    const wanted = Array.from({ length: 12 }, (_, n) => create({ name: `g${n}`, policies: ['affinity'] }, '2.1', 'u:few'));
    const statuses = (await Promise.all(wanted)).map(({ status }) => status);
    expect([statuses.filter((s) => s === 200).length, statuses.filter((s) => s === 403).length]).toEqual([3, 9]);
  });
});
