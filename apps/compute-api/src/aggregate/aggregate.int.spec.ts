import { beforeAll, describe, expect, it } from 'vitest';
import { addHost, addServer } from '../spec-support/host-samples.js';
import { useNounApi } from '../spec-support/noun-api.js';
import { nounRoutes } from '../spec-support/nouns.js';
import { AggregateSweeper } from './aggregate-sweeper.service.js';

const NODE = (number: number): string => `aaaaaaaa-0000-4000-8000-00000000000${number}`;
const SERVER = 'bbbbbbbb-0000-4000-8000-000000000001';

const BUSY_SERVER = 'bbbbbbbb-0000-4000-8000-000000000001';

describe('aggregates', () => {
  const api = useNounApi(nounRoutes);
  const create = async (name: string, availability_zone?: string) =>
    (await api.call('POST', '/os-aggregates', { body: { aggregate: { name, availability_zone } }, at: '2.41' })).body.aggregate;
  const act = (id: number, body: unknown) => api.call('POST', `/os-aggregates/${id}/action`, { body, at: '2.41' });
  const zones = async () =>
    (await api.call('GET', '/os-availability-zone')).body.availabilityZoneInfo.map((zone: { zoneName: string }) => zone.zoneName);

  beforeAll(async () => {
    await addHost(api, { host: 'h1', uuid: NODE(1) });
    await addHost(api, { host: 'h2', uuid: NODE(2) });
    await addHost(api, { host: 'busy', uuid: NODE(3) });
    await addServer(api.cell, { uuid: SERVER, host: 'busy' });
  });

  it('are created, shown, renamed and deleted', async () => {
    const made = await create('one', 'az1');
    expect(made).toMatchObject({ name: 'one', availability_zone: 'az1', deleted: false, deleted_at: null, updated_at: null });
    expect(made).not.toHaveProperty('hosts');
    const { aggregate } = (await api.call('GET', `/os-aggregates/${made.id}`)).body;
    expect(aggregate).toMatchObject({ hosts: [], metadata: { availability_zone: 'az1' } });
    expect(aggregate).not.toHaveProperty('uuid');
    const put = (body: unknown) => api.call('PUT', `/os-aggregates/${made.id}`, { body });
    expect((await put({ aggregate: { name: 'renamed', availability_zone: null } })).body.aggregate).toMatchObject({
      name: 'renamed',
      availability_zone: null,
      metadata: {},
    });
    expect((await put({ aggregate: {} })).status).toBe(400);
    expect((await act(made.id, { set_metadata: { metadata: { a: '1', b: '2' } } })).body.aggregate.metadata).toEqual({
      a: '1',
      b: '2',
    });
    expect((await act(made.id, { set_metadata: { metadata: { a: null } } })).body.aggregate.metadata).toEqual({ b: '2' });
    expect((await api.call('DELETE', `/os-aggregates/${made.id}`)).status).toBe(200);
    expect((await api.call('GET', `/os-aggregates/${made.id}`)).status).toBe(404);
    expect(api.events.map((event) => event.eventType)).toEqual(
      expect.arrayContaining(['aggregate.create.end', 'aggregate.update_metadata.end', 'aggregate.updatemetadata.end']),
    );
  });

  it('are updated by a new name only, not by hosts or metadata', async () => {
    const { id } = await create('steady', 'az-steady');
    const updatedAt = async () => (await api.call('GET', `/os-aggregates/${id}`)).body.aggregate.updated_at;
    expect((await act(id, { add_host: { host: 'h2' } })).body.aggregate.updated_at).toBeNull();
    expect((await act(id, { remove_host: { host: 'h2' } })).body.aggregate.updated_at).toBeNull();
    expect((await act(id, { set_metadata: { metadata: { ssd: 'true' } } })).body.aggregate.updated_at).toMatch(/^2/);
    expect(await updatedAt()).toBeNull();
    await api.call('PUT', `/os-aggregates/${id}`, { body: { aggregate: { name: 'steadier' } } });
    expect(await updatedAt()).toMatch(/^2.+\.\d{6}$/);
  });

  it('have good names and ids', async () => {
    await create('taken');
    const status = async (aggregate: unknown, as = 'admin') =>
      (await api.call('POST', '/os-aggregates', { body: { aggregate }, as })).status;
    expect([
      await status({ name: 'taken' }),
      await status({ name: '' }),
      await status({ name: 'a'.repeat(256) }),
      await status({ name: 'x', availability_zone: 'a:b' }),
    ]).toEqual([409, 400, 400, 400]);
    expect(await status({ name: 'x' }, 'u:p')).toBe(403);
    expect([
      (await api.call('GET', '/os-aggregates/-1')).status,
      (await api.call('DELETE', '/os-aggregates/-1')).status,
      (await api.call('GET', '/os-aggregates/x')).status,
    ]).toEqual([404, 404, 400]);
  });

  it('take hosts that are mapped, once, and tell placement', async () => {
    const { id, uuid } = await create('hosts', 'az-hosts');
    expect((await act(id, { add_host: { host: 'h1' } })).body.aggregate).toMatchObject({ hosts: ['h1'] });
    expect(api.placement.providers.aggregates.get(NODE(1))).toEqual(new Set([uuid]));
    expect(await zones()).toContain('az-hosts');
    expect((await act(id, { add_host: { host: 'h1' } })).status).toBe(409);
    expect((await act(id, { add_host: { host: 'nowhere' } })).status).toBe(404);
    expect((await act(id, { remove_host: { host: 'nowhere' } })).status).toBe(404);
    expect((await api.call('DELETE', `/os-aggregates/${id}`)).status).toBe(400);
    expect((await act(id, { remove_host: { host: 'h1' } })).body.aggregate.hosts).toEqual([]);
    expect(api.placement.providers.aggregates.get(NODE(1))).toEqual(new Set());
    expect(await zones()).toEqual(['nova']);
  });

  it('keep a host in one zone', async () => {
    const [first, second] = [await create('z1', 'az1'), await create('z2', 'az2')];
    await act(first.id, { add_host: { host: 'h2' } });
    expect((await act(second.id, { add_host: { host: 'h2' } })).status).toBe(409);
    const third = await create('z3');
    expect((await act(third.id, { add_host: { host: 'h2' } })).status).toBe(200);
    expect((await act(third.id, { set_metadata: { metadata: { availability_zone: 'az3' } } })).status).toBe(400);
    expect(
      (await api.call('PUT', `/os-aggregates/${first.id}`, { body: { aggregate: { availability_zone: 'az9' } } })).status,
    ).toBe(200);
  });

  it('do not move servers out of the zone that they asked for; others go with their host', async () => {
    const zoned = await create('moving', 'az-moving');
    expect((await act(zoned.id, { add_host: { host: 'busy' } })).status).toBe(200);
    expect((await act(zoned.id, { remove_host: { host: 'busy' } })).status).toBe(200);
    await api.api.query(`INSERT INTO request_specs (instance_uuid, spec) VALUES ($1, '{"availability_zone": "nova"}')`, [
      BUSY_SERVER,
    ]);
    expect((await act(zoned.id, { add_host: { host: 'busy' } })).status).toBe(409);
    const plain = await create('plain');
    expect((await act(plain.id, { add_host: { host: 'busy' } })).status).toBe(200);
    expect((await act(plain.id, { set_metadata: { metadata: { availability_zone: 'az-plain' } } })).status).toBe(400);
    expect((await act(plain.id, { set_metadata: { metadata: { ssd: 'true' } } })).status).toBe(200);
    expect((await act(plain.id, { remove_host: { host: 'busy' } })).status).toBe(200);
  });

  it('keep a host that placement could not be told to let go, and take one though it could not be told, until it can be', async () => {
    const { id, uuid } = await create('away');
    api.placement.isDown = true;
    expect((await act(id, { add_host: { host: 'h1' } })).status).toBe(200);
    expect((await act(id, { remove_host: { host: 'h1' } })).status).toBe(503);
    api.placement.isDown = false;
    expect((await api.call('GET', `/os-aggregates/${id}`)).body.aggregate.hosts).toEqual(['h1']);
    expect(api.placement.providers.aggregates.get(NODE(1))).not.toContain(uuid);
    await api.app.get(AggregateSweeper).sweep();
    expect(api.placement.providers.aggregates.get(NODE(1))).toContain(uuid);
    expect(await api.api.query('SELECT 1 FROM aggregate_hosts WHERE NOT mirrored')).toEqual([]);
  });

  it('have images fetched by their hosts beforehand, as a conductor is told', async () => {
    const { id } = await create('caching');
    const images = [{ id: NODE(7) }, { id: NODE(8) }];
    const ask = (cache: unknown, at = '2.81', of = id, as = 'admin') =>
      api.call('POST', `/os-aggregates/${of}/images`, { body: { cache }, at, as });
    const stored = () => api.api.query(`SELECT topic, args FROM outbox WHERE method = 'cache_images'`);
    expect([(await ask(images, '2.80')).status, (await ask(images, '2.81', 4_711)).status]).toEqual([404, 404]);
    expect((await ask([images[0], { id: NODE(7).toUpperCase() }])).body.badRequest.message).toBe('Duplicate images in request');
    for (const wrong of [[], [{}], [{ id: 'x' }], [{ ...images[0], more: 1 }]]) expect((await ask(wrong)).status).toBe(400);
    expect([(await ask(images, '2.81', id, 'u:p')).status, await stored()]).toEqual([403, []]);
    const { status, body } = await ask(images);
    expect([status, body]).toEqual([202, undefined]);
    expect(await stored()).toEqual([{ topic: 'conductor', args: { aggregate_id: id, image_ids: [NODE(7), NODE(8)] } }]);
  });

  it('make zones, whose hosts administrators see', async () => {
    const zone = await create('shown', 'az-shown');
    await act(zone.id, { add_host: { host: 'h1' } });
    const { availabilityZoneInfo } = (await api.call('GET', '/os-availability-zone/detail')).body;
    const shown = availabilityZoneInfo.find((info: { zoneName: string }) => info.zoneName === 'az-shown');
    expect(shown.hosts.h1['nova-compute']).toMatchObject({ available: true, active: true });
    expect((await api.call('GET', '/os-availability-zone', { as: 'u:p' })).status).toBe(200);
    expect((await api.call('GET', '/os-availability-zone/detail', { as: 'u:p' })).status).toBe(403);
  });
});
