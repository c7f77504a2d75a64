import { describe, expect, it } from 'vitest';
import { useNounApi } from '../spec-support/noun-api.js';
import { flavorRoutes } from './flavor.routes.js';

const small = { name: 'm1.small', ram: 512, vcpus: 1, disk: 1 };

describe('flavors', () => {
  const api = useNounApi(flavorRoutes);
  const create = (flavor: Record<string, unknown>, at = '2.1') =>
    api.call('POST', '/flavors', { body: { flavor: { ...small, ...flavor } }, at });

  it('is created with defaults, shown in the shape of each microversion and deleted', async () => {
    const { status, body } = await create({ id: 'f1', name: 'one' });
    expect(status).toBe(200);
    expect(body.flavor).toMatchObject({
      id: 'f1',
      swap: '',
      rxtx_factor: 1,
      'os-flavor-access:is_public': true,
      'OS-FLV-EXT-DATA:ephemeral': 0,
    });
    expect(body.flavor).not.toHaveProperty('description');
    const shown = await api.call('GET', '/flavors/f1', { at: '2.75' });
    expect(shown.body.flavor).toMatchObject({ swap: 0, description: null, extra_specs: {} });
    const newest = await api.call('GET', '/flavors/f1', { at: '2.102' });
    expect(newest.body.flavor).not.toHaveProperty('rxtx_factor');
    expect((await api.call('DELETE', '/flavors/f1')).status).toBe(202);
    expect((await api.call('GET', '/flavors/f1')).body.itemNotFound.message).toBe('Flavor f1 could not be found.');
    expect(api.events.map((event) => event.eventType)).toEqual(['flavor.create', 'flavor.delete']);
  });

  it('refuses duplicates, bad values and people who are no administrators', async () => {
    await create({ id: 'f2', name: 'two' });
    expect((await create({ id: 'f2', name: 'other' })).status).toBe(409);
    expect((await create({ id: 'other', name: 'two' })).status).toBe(409);
    for (const bad of [
      { ram: 0 },
      { ram: '0' },
      { ram: 2 ** 31 },
      { ram: '2147483648' },
      { disk: -1 },
      { name: '' },
      { name: ' x' },
      { swap: 'x' },
      { more: 1 },
    ]) {
      expect((await create({ name: 'bad', ...bad })).status, JSON.stringify(bad)).toBe(400);
    }
    expect((await api.call('POST', '/flavors', { body: { flavor: small }, as: 'u:p' })).status).toBe(403);
    expect((await create({ name: 'described', description: 'x' })).status).toBe(400);
    expect((await create({ name: 'described', description: 'x' }, '2.55')).body.flavor.description).toBe('x');
  });

  it('takes numbers that are written as text', async () => {
    expect((await create({ name: 'text', ram: '64', vcpus: '2', disk: '0', id: 77 })).body.flavor).toMatchObject({
      id: '77',
      ram: 64,
      vcpus: 2,
      disk: 0,
    });
  });

  it('pages by id with a link to the next page, filters, and refuses an unknown marker', async () => {
    for (const id of ['p1', 'p2', 'p3']) await create({ id, name: `page ${id}`, ram: 100_000 });
    const first = await api.call('GET', '/flavors?minRam=100000&limit=2');
    expect(first.body.flavors.map((flavor: { id: string }) => flavor.id)).toEqual(['p1', 'p2']);
    expect(first.body.flavors_links[0].href).toContain('marker=p2');
    const second = await api.call('GET', '/flavors/detail?minRam=100000&limit=2&marker=p2');
    expect(second.body.flavors.map((flavor: { id: string }) => flavor.id)).toEqual(['p3']);
    expect(second.body).not.toHaveProperty('flavors_links');
    expect((await api.call('GET', '/flavors?marker=nowhere')).status).toBe(400);
    expect((await api.call('GET', '/flavors?minRam=x')).status).toBe(400);
    expect((await api.call('GET', '/flavors?unknown=x')).status).toBe(200);
    expect((await api.call('GET', '/flavors?unknown=x', { at: '2.75' })).status).toBe(400);
  });

  it('shows a private flavor to the projects that have access, and lists them', async () => {
    await create({ id: 'private', name: 'private', 'os-flavor-access:is_public': 'False' });
    expect((await api.call('GET', '/flavors/private/os-flavor-access')).body.flavor_access).toEqual([]);
    const access = (body: unknown, at = '2.1') => api.call('POST', '/flavors/private/action', { body, at });
    expect((await api.call('GET', '/flavors/private', { as: 'u:p' })).status).toBe(404);
    expect((await access({ addTenantAccess: { tenant: 'no-such' } })).body.badRequest.message).toBe(
      'Project ID no-such is not a valid project.',
    );
    const added = await access({ addTenantAccess: { tenant: 'p' } });
    expect(added.body.flavor_access).toContainEqual({ flavor_id: 'private', tenant_id: 'p' });
    expect((await access({ addTenantAccess: { tenant: 'p' } })).status).toBe(409);
    expect((await api.call('GET', '/flavors/private', { as: 'u:p' })).status).toBe(200);
    expect((await access({ removeTenantAccess: { tenant: 'p' } })).status).toBe(200);
    expect((await access({ removeTenantAccess: { tenant: 'p' } })).status).toBe(404);
    const listed = await api.call('GET', '/flavors?is_public=none');
    expect(listed.body.flavors.map((flavor: { id: string }) => flavor.id)).toContain('private');
    await create({ id: 'public', name: 'public' });
    expect((await api.call('GET', '/flavors/public/os-flavor-access')).status).toBe(404);
    expect(
      (await api.call('POST', '/flavors/public/action', { body: { addTenantAccess: { tenant: 'p' } }, at: '2.7' })).status,
    ).toBe(409);
  });

  it('sets, shows, replaces and removes extra specs', async () => {
    await create({ id: 'specs', name: 'specs' });
    const path = '/flavors/specs/os-extra_specs';
    const set = await api.call('POST', path, { body: { extra_specs: { 'hw:numa_nodes': '1', 'hw:cpu_policy': 'shared' } } });
    expect(set.body.extra_specs).toEqual({ 'hw:numa_nodes': '1', 'hw:cpu_policy': 'shared' });
    expect((await api.call('PUT', `${path}/hw:numa_nodes`, { body: { 'hw:numa_nodes': '2' } })).body).toEqual({
      'hw:numa_nodes': '2',
    });
    expect((await api.call('PUT', `${path}/hw:numa_nodes`, { body: { other: '2' } })).status).toBe(400);
    expect((await api.call('GET', `${path}/hw:numa_nodes`, { as: 'u:p' })).body).toEqual({ 'hw:numa_nodes': '2' });
    expect((await api.call('DELETE', `${path}/hw:numa_nodes`)).status).toBe(200);
    expect((await api.call('DELETE', `${path}/hw:numa_nodes`)).status).toBe(404);
    expect((await api.call('POST', path, { body: { extra_specs: { 'hw:nonsense': '1' } } })).status).toBe(200);
    expect((await api.call('POST', path, { body: { extra_specs: { 'hw:nonsense': '1' } }, at: '2.86' })).status).toBe(400);
  });

  it('is described by PUT since 2.55', async () => {
    await create({ id: 'plain', name: 'plain' });
    expect((await api.call('PUT', '/flavors/plain', { body: { flavor: { description: 'd' } }, at: '2.54' })).status).toBe(404);
    expect(
      (await api.call('PUT', '/flavors/plain', { body: { flavor: { description: 'd' } }, at: '2.55' })).body.flavor.description,
    ).toBe('d');
    expect((await api.call('PUT', '/flavors/nothing', { body: { flavor: { description: 'd' } }, at: '2.55' })).status).toBe(404);
  });
});
