import { describe, expect, it } from 'vitest';
import { limitsRoutes } from '../limits/limits.routes.js';
import { useNounApi } from '../spec-support/noun-api.js';
import { quotaRoutes } from './quota.routes.js';

describe('quotas', () => {
  const api = useNounApi([...quotaRoutes, ...limitsRoutes]);
  const update = (path: string, quota_set: Record<string, unknown>, at = '2.1') =>
    api.call('PUT', `/os-quota-sets/${path}`, { body: { quota_set }, at });
  const uses = (project: string, instances: number) =>
    api.api.query(
      `INSERT INTO quota_usages (project_id, user_id, instances, cores, ram) VALUES ('${project}', '', ${instances}, 2, 1024)`,
    );

  it('fall from user to project to class to configuration', async () => {
    expect((await api.call('GET', '/os-quota-sets/p1')).body.quota_set).toMatchObject({
      id: 'p1',
      instances: 10,
      cores: 20,
      ram: 51_200,
      fixed_ips: -1,
    });
    expect((await update('p1', { ram: '5120' })).body.quota_set.ram).toBe(5120);
    expect((await update('p1?user_id=u1', { ram: '2048' })).status).toBe(200);
    expect((await api.call('GET', '/os-quota-sets/p1?user_id=u1')).body.quota_set.ram).toBe(2048);
    expect((await api.call('GET', '/os-quota-sets/p1/detail', { at: '2.57' })).body.quota_set.ram).toEqual({
      limit: 5120,
      in_use: 0,
      reserved: 0,
    });
    expect((await api.call('GET', '/os-quota-sets/p1/defaults')).body.quota_set.ram).toBe(51_200);
    expect((await api.call('DELETE', '/os-quota-sets/p1')).status).toBe(202);
    expect((await api.call('GET', '/os-quota-sets/p1?user_id=u1')).body.quota_set.ram).toBe(51_200);
  });

  it('are of projects that there are', async () => {
    const path = '/os-quota-sets/no-such-project';
    const tries = [
      await api.call('GET', path),
      await api.call('GET', `${path}/detail`),
      await api.call('GET', `${path}/defaults`),
      await update('no-such-project', { ram: 1 }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(tries[0]?.body.badRequest.message).toBe('Project ID no-such-project is not a valid project.');
    expect((await api.call('DELETE', path)).status).toBe(202);
    expect((await api.call('GET', path, { as: 'u:p' })).status).toBe(403);
    expect((await api.call('GET', path, { as: 'u:no-such-project' })).status).toBe(200);
  });

  it('show what their microversion knows', async () => {
    const keys = async (at: string) => Object.keys((await api.call('GET', '/os-quota-sets/p1', { at })).body.quota_set);
    expect(await keys('2.35')).toEqual(expect.arrayContaining(['fixed_ips', 'security_groups', 'injected_files']));
    expect(await keys('2.36')).not.toContain('fixed_ips');
    expect((await keys('2.57')).sort()).toEqual([
      'cores',
      'id',
      'instances',
      'key_pairs',
      'metadata_items',
      'ram',
      'server_group_members',
      'server_groups',
    ]);
    expect((await update('p1', { injected_files: 3 }, '2.57')).status).toBe(400);
  });

  it('are not set below what is used, unless forced, nor above the project for a user', async () => {
    await uses('busy', 5);
    expect((await update('busy', { instances: 4 })).status).toBe(400);
    expect((await update('busy', { instances: 4, force: 'True' })).body.quota_set.instances).toBe(4);
    expect((await update('busy', { instances: -1 })).status).toBe(200);
    expect((await update('busy', { instances: -2 })).status).toBe(400);
    expect((await update('p2?user_id=u', { cores: 21 })).status).toBe(400);
  });

  it('are seen by their project and changed by administrators', async () => {
    expect((await api.call('GET', '/os-quota-sets/p', { as: 'u:p' })).status).toBe(200);
    expect((await api.call('GET', '/os-quota-sets/other', { as: 'u:p' })).status).toBe(403);
    expect((await api.call('GET', '/os-quota-sets/other/defaults', { as: 'u:p' })).status).toBe(200);
    expect((await api.call('PUT', '/os-quota-sets/p', { as: 'u:p', body: { quota_set: { ram: 1 } } })).status).toBe(403);
    expect((await api.call('DELETE', '/os-quota-sets/p', { as: 'u:p' })).status).toBe(403);
  });

  it('of the class default hold for every project', async () => {
    const { body } = await api.call('GET', '/os-quota-class-sets/default');
    expect(body.quota_class_set).toMatchObject({ id: 'default', cores: 20, floating_ips: -1 });
    expect(body.quota_class_set).not.toHaveProperty('server_groups');
    const changed = await api.call('PUT', '/os-quota-class-sets/default', {
      body: { quota_class_set: { metadata_items: 200, floating_ips: 99 } },
    });
    expect(changed.body.quota_class_set).toMatchObject({ metadata_items: 200, floating_ips: 99 });
    expect((await api.call('GET', '/os-quota-sets/anyone')).body.quota_set.metadata_items).toBe(200);
    expect((await api.call('GET', '/os-quota-class-sets/default', { as: 'u:p' })).status).toBe(403);
  });

  it('stand in the limits, with what is used', async () => {
    await uses('limited', 3);
    const { body } = await api.call('GET', '/limits', { as: 'u:limited' });
    expect(body.limits.rate).toEqual([]);
    expect(body.limits.absolute).toMatchObject({
      maxTotalInstances: 10,
      totalInstancesUsed: 3,
      totalRAMUsed: 1024,
      maxSecurityGroups: -1,
      maxPersonality: 5,
    });
    const newest = await api.call('GET', '/limits?tenant_id=limited', { at: '2.57' });
    expect(Object.keys(newest.body.limits.absolute)).not.toEqual(expect.arrayContaining(['maxImageMeta']));
    expect(newest.body.limits.absolute.totalCoresUsed).toBe(2);
    expect((await api.call('GET', '/limits?tenant_id=limited', { as: 'u:p' })).status).toBe(403);
  });

  it('are set of a project that is named: an empty name is no URL', async () => {
    const body = { quota_set: { instances: 1 } };
    expect((await api.call('PUT', '/os-quota-sets/', { body, as: 'admin' })).status).toBe(404);
    expect(await api.api.query(`SELECT 1 FROM quotas WHERE project_id = ''`)).toEqual([]);
  });
});
