import { messages } from '@kilonova/compute-objects';
import { beforeAll, describe, expect, it } from 'vitest';
import { addHost, addServer } from '../spec-support/host-samples.js';
import { CELL1_UUID, useNounApi } from '../spec-support/noun-api.js';
import { nounRoutes } from '../spec-support/nouns.js';

const NODE = (number: number): string => `aaaaaaaa-0000-4000-8000-00000000000${number}`;

describe('services', () => {
  const api = useNounApi(nounRoutes, { withDownCell: true });
  const list = async (query = '', at = '2.53') => (await api.call('GET', `/os-services${query}`, { at })).body.services;
  const idOf = async (host: string): Promise<string> => (await list(`?host=${host}&binary=nova-compute`))[0].id;

  beforeAll(async () => {
    await api.api.query(
      `INSERT INTO services (host, "binary", topic, last_seen_up) VALUES ('vm', 'nova-conductor', 'conductor', now())`,
    );
    await addHost(api, { host: 'h1', uuid: NODE(1) });
    await addHost(api, { host: 'h2', uuid: NODE(2), seen: new Date(0) });
    await addHost(api, { host: 'h3', uuid: NODE(3) });
    await api.api.query(`INSERT INTO host_mappings (cell_id, host) SELECT id, 'lost' FROM cell_mappings WHERE name = 'down'`);
  });

  it('are listed from every level, with zones and states', async () => {
    const services = await list();
    expect(
      services.map((service: { host: string; zone: string; state: string }) => [service.host, service.zone, service.state]),
    ).toEqual([
      ['vm', 'internal', 'up'],
      ['h1', 'nova', 'up'],
      ['h2', 'nova', 'down'],
      ['h3', 'nova', 'up'],
    ]);
    const old = await list('', '2.1');
    expect(new Set(old.map((service: { id: number }) => service.id)).size).toBe(4);
    expect(old[0]).not.toHaveProperty('forced_down');
    expect(await list('?host=h1&binary=xxx')).toEqual([]);
    expect((await api.call('GET', '/os-services?xxx=1', { at: '2.75' })).status).toBe(400);
    expect((await api.call('GET', '/os-services', { as: 'u:p' })).status).toBe(403);
  });

  it('of a cell that is down are unknown since 2.69', async () => {
    expect(await list('', '2.69')).toContainEqual({ binary: 'nova-compute', host: 'lost', status: 'UNKNOWN' });
    expect(await list('?host=h1', '2.69')).toHaveLength(1);
    expect(await list('', '2.68')).toHaveLength(4);
  });

  it('are enabled and disabled by name up to 2.52', async () => {
    const put = (action: string, body: Record<string, unknown>, at = '2.1') =>
      api.call('PUT', `/os-services/${action}`, { body: { host: 'h1', binary: 'nova-compute', ...body }, at });
    expect((await put('disable', {})).body).toEqual({ service: { host: 'h1', binary: 'nova-compute', status: 'disabled' } });
    expect((await put('disable-log-reason', {})).status).toBe(400);
    expect((await put('disable-log-reason', { disabled_reason: 'maint' })).body.service).toMatchObject({
      disabled_reason: 'maint',
      status: 'disabled',
    });
    expect((await put('enable', {})).body.service.status).toBe('enabled');
    expect((await list('?host=h1'))[0].disabled_reason).toBeNull();
    expect((await put('force-down', { forced_down: true })).status).toBe(400);
    expect((await put('force-down', { forced_down: true }, '2.11')).body).toEqual({
      service: { host: 'h1', binary: 'nova-compute', forced_down: true },
    });
    expect((await list('?host=h1'))[0].state).toBe('down');
    expect((await put('force-down', { forced_down: 'false' }, '2.11')).status).toBe(200);
    expect((await put('explode', {}, '2.11')).status).toBe(404);
    expect((await put('enable', { host: 'nowhere' })).status).toBe(404);
  });

  it('are changed by uuid since 2.53, compute services only', async () => {
    const id = await idOf('h3');
    const put = (body: unknown, target = id) => api.call('PUT', `/os-services/${target}`, { body, at: '2.53' });
    expect((await put({ status: 'disabled', disabled_reason: 'maint' })).body.service).toMatchObject({
      id,
      status: 'disabled',
      disabled_reason: 'maint',
      host: 'h3',
    });
    expect(api.events.map((event) => event.eventType)).toContain('service.update');
    expect((await put({ status: 'enabled' })).body.service).toMatchObject({ status: 'enabled', disabled_reason: null });
    for (const bad of [{}, { disabled_reason: 'x' }, { status: 'enabled', disabled_reason: 'x' }, { status: 'odd' }])
      expect((await put(bad)).status).toBe(400);
    expect((await put({ status: 'enabled' }, NODE(9))).status).toBe(404);
    expect((await put({ status: 'enabled' }, 'odd')).status).toBe(400);
    expect((await put({ status: 'enabled' }, (await list('?host=vm'))[0].id)).status).toBe(400);
  });

  it('that are forced down no more are up at once', async () => {
    const id = await idOf('h3');
    const force = async (forced_down: boolean) =>
      (await api.call('PUT', `/os-services/${id}`, { body: { forced_down }, at: '2.53' })).body.service;
    expect(await force(true)).toMatchObject({ state: 'down', forced_down: true });
    expect(await force(false)).toMatchObject({ state: 'up', forced_down: false });
  });

  it('other than nova-compute are neither disabled nor forced down by name', async () => {
    const put = (action: string, host: string, binary: string) =>
      api.call('PUT', `/os-services/${action}`, { body: { host, binary, forced_down: true }, at: '2.11' });
    for (const action of ['enable', 'disable', 'force-down'])
      expect((await put(action, 'vm', 'nova-conductor')).body.badRequest.message).toBe(
        'Updating a nova-conductor service is not supported. Only nova-compute services can be updated.',
      );
    expect((await put('disable', 'nowhere', 'nova-compute')).body.itemNotFound.message).toBe(
      "Host 'nowhere' is not mapped to any cell",
    );
    expect((await list('?host=vm'))[0]).toMatchObject({ status: 'enabled', forced_down: false });
  });

  it('tell their agent, when it is up', async () => {
    const told: unknown[] = [];
    const cell = await api.registry.find(CELL1_UUID);
    const call = cell?.bus.call.bind(cell.bus);
    Object.assign(cell?.bus as object, {
      call: (_ctx: unknown, target: unknown, method: string, args: unknown) => Promise.resolve(told.push([target, method, args])),
    });
    await api.call('PUT', `/os-services/${await idOf('h3')}`, { body: { status: 'disabled' }, at: '2.53' });
    await api.call('PUT', `/os-services/${await idOf('h2')}`, { body: { status: 'disabled' }, at: '2.53' });
    Object.assign(cell?.bus as object, { call });
    expect(told).toEqual([[messages.setHostEnabled, { topic: 'compute', host: 'h3' }, { host: 'h3', enabled: false }]]);
  });

  it('stay forced down, and where they are, while moves of their servers are open', async () => {
    const move = (status: string) =>
      api.cell.query(
        `INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status, source_compute) VALUES ($1, $1, 'p', 'u', 'evacuation', $2, 'h3')
         ON CONFLICT (uuid) DO UPDATE SET status = excluded.status`,
        [NODE(8), status],
      );
    const id = await idOf('h3');
    const up = async () => (await api.call('PUT', `/os-services/${id}`, { body: { forced_down: false }, at: '2.53' })).status;
    await move('done');
    expect(await up()).toBe(400);
    await move('running');
    expect((await api.call('DELETE', `/os-services/${id}`, { at: '2.53' })).status).toBe(409);
    await move('completed');
    expect(await up()).toBe(200);
  });

  it('are deleted with all that hangs on them, unless servers do', async () => {
    await addServer(api.cell, { uuid: 'bbbbbbbb-0000-4000-8000-000000000001', host: 'h1' });
    expect((await api.call('DELETE', `/os-services/${await idOf('h1')}`, { at: '2.53' })).status).toBe(409);
    const id = await idOf('h2');
    expect((await api.call('DELETE', `/os-services/${id}`, { at: '2.53' })).status).toBe(204);
    expect(api.placement.providers.removed).toEqual([NODE(2)]);
    expect(await api.api.query(`SELECT 1 FROM host_mappings WHERE host = 'h2'`)).toEqual([]);
    expect((await api.call('DELETE', `/os-services/${id}`, { at: '2.53' })).status).toBe(404);
    expect((await api.call('DELETE', '/os-services/x', { at: '2.1' })).status).toBe(400);
    const wide = (await list('?host=h3', '2.1'))[0].id;
    expect((await api.call('DELETE', `/os-services/${wide}`, { at: '2.1' })).status).toBe(204);
  });
});
