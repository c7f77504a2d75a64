import type { VersionedObject } from '@kilonova/notifications';
import { execute, rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../../spec-support/server-cloud.js';

const ADMIN = { as: 'admin:p' };

describe('deleting servers', () => {
  const cloud = useServerCloud();
  beforeEach(async () => {
    await cloud.clear();
    await cloud.host('host1');
  });
  const remove = (id: string, call = {}) => cloud.call('DELETE', `/servers/${id}`, call);
  const left = async (): Promise<number> =>
    (await rows(cloud.api, 'SELECT 1 FROM instance_mappings WHERE NOT queued_for_delete')).length;

  it('gives up a request that no cell has', async () => {
    const id = await cloud.createdId();
    expect((await remove(id)).status).toBe(204);
    expect((await cloud.call('GET', `/servers/${id}`)).status).toBe(404);
    expect((await remove(id)).status).toBe(404);
    expect(await left()).toBe(0);
    expect(await cloud.usage()).toEqual({ instances: 0, cores: 0, ram: 0 });
  });

  it('tells the agent once, by a message that leaves with the row', async () => {
    const id = await cloud.active();
    await eventually(() => expect(cloud.casts).toHaveLength(1));
    expect((await remove(id)).status).toBe(204);
    expect((await remove(id)).status).toBe(204);
    await eventually(() =>
      expect(cloud.casts.slice(1)).toMatchObject([{ method: 'terminate_instance', args: { instance_uuid: id }, host: 'host1' }]),
    );
    const { body } = await cloud.call('GET', `/servers/${id}`);
    expect(body.server).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': 'deleting' });
    await eventually(async () => expect(await rows(cloud.cell1, 'SELECT 1 FROM outbox')).toEqual([]));
    expect(await rows(cloud.cell1, `SELECT 1 FROM instance_actions WHERE action = 'delete'`)).toHaveLength(1);
    expect(await cloud.usage()).toMatchObject({ instances: 0 });
  });

  it('ends a server on a host that is down by itself', async () => {
    const id = await cloud.active();
    await execute(cloud.cell1, `UPDATE services SET last_seen_up = now() - interval '2 minutes'`);
    expect((await remove(id)).status).toBe(204);
    expect(cloud.placement.released).toEqual([id]);
    expect((await cloud.call('GET', `/servers/${id}`)).status).toBe(404);
    expect(await rows(cloud.cell1, `SELECT vm_state FROM instances_archive`)).toEqual([{ vm_state: 'deleted' }]);
    expect(await cloud.usage()).toMatchObject({ instances: 0 });
  });

  it('tells of a server that it ends by itself what an agent tells, but for the guest', async () => {
    const id = await cloud.active();
    await execute(cloud.cell1, `UPDATE services SET last_seen_up = now() - interval '2 minutes'`);
    cloud.told.length = 0;
    await remove(id);
    await eventually(() => expect(cloud.told).toHaveLength(4));
    const states = cloud.told.map(({ eventType, payload }) => {
      const { state, task_state } = (payload as VersionedObject)['nova_object.data'];
      return [eventType, state, task_state];
    });
    expect(states).toEqual([
      ['instance.update', 'active', 'deleting'],
      ['instance.delete.start', 'active', 'deleting'],
      ['instance.update', 'deleted', null],
      ['instance.delete.end', 'deleted', null],
    ]);
  });

  it('ends a server that never got a host', async () => {
    const id = await cloud.createdId();
    await cloud.place(id, { vm_state: 'error', task_state: null }, 1);
    expect((await cloud.call('GET', `/servers/${id}`)).body.server.status).toBe('ERROR');
    expect((await remove(id)).status).toBe(204);
    expect(await rows(cloud.cell0, `SELECT 1 FROM instances_archive`)).toHaveLength(1);
    expect(await left()).toBe(0);
  });

  it('finishes a delete that was cut short', async () => {
    const id = await cloud.active();
    await execute(cloud.cell1, `UPDATE services SET forced_down = true`);
    cloud.placement.isDown = true;
    expect((await remove(id)).status).toBe(503);
    expect(await cloud.usage()).toMatchObject({ instances: 1 });
    cloud.placement.isDown = false;
    expect((await remove(id)).status).toBe(204);
    expect(cloud.placement.released).toEqual([id]);
    expect(await cloud.usage()).toMatchObject({ instances: 0 });
    expect((await remove(id)).status).toBe(404);
    await execute(cloud.cell1, `UPDATE services SET forced_down = false`);
  });

  it('keeps locked servers from their owner, and other people from servers', async () => {
    const id = await cloud.active();
    await execute(cloud.cell1, `UPDATE instances SET locked = true, locked_by = 'owner'`);
    expect((await remove(id)).body.conflictingRequest.message).toBe(`Instance ${id} is locked`);
    expect((await remove(id, { as: 'x:other' })).status).toBe(404);
    expect((await remove(id, { roles: 'reader' })).status).toBe(403);
    expect((await remove(id, ADMIN)).status).toBe(204);
    expect((await remove('no-uuid')).body.itemNotFound.message).toBe('Instance no-uuid could not be found.');
  });
});
