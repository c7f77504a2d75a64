import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { beforeEach, expect, it } from 'vitest';
import { type Cast, useServerCloud } from '../spec-support/server-cloud.js';
import { EventTargetRepository } from './event-target.repository.js';

const cloud = useServerCloud();
beforeEach(() => cloud.clear());

const ADMIN = { as: 'admin:p' } as const;
const tell = (...events: ReadonlyArray<Record<string, unknown>>) =>
  cloud.call('POST', '/os-server-external-events', { ...ADMIN, body: { events } });
const told = (method = 'external_instance_event'): Cast[] => cloud.casts.filter((cast) => cast.method === method);

it('events reach the agents of their hosts in one message a host, over cells', async () => {
  const [a, b] = [await cloud.active(), await cloud.active()];
  const far = await cloud.active({}, {}, 'host2', 3);
  const answer = await tell(
    { name: 'network-vif-plugged', server_uuid: a, tag: 'port1' },
    { name: 'network-changed', server_uuid: b, status: 'in-progress' },
    { name: 'network-vif-unplugged', server_uuid: far, tag: 'port2', status: 'failed' },
  );
  expect(answer.status).toBe(200);
  await eventually(() => expect(told()).toHaveLength(2));
  expect(told().find((cast) => cast.host === 'host1')?.args).toEqual({
    events: [
      { instance_uuid: a, name: 'network-vif-plugged', status: 'completed', tag: 'port1' },
      { instance_uuid: b, name: 'network-changed', status: 'in-progress', tag: null },
    ],
  });
  expect(told().find((cast) => cast.host === 'host2')?.args).toEqual({
    events: [{ instance_uuid: far, name: 'network-vif-unplugged', status: 'failed', tag: 'port2' }],
  });
});

it('what is refused is told to nobody, while the rest is', async () => {
  const [taken, placeless] = [await cloud.active(), await cloud.createdId()];
  const { status, body } = await tell(
    { name: 'network-changed', server_uuid: placeless },
    { name: 'network-changed', server_uuid: '4a2f3c86-4d0c-4c1c-9d0e-9a3a4ffb7a10' },
    { name: 'volume-extended', server_uuid: taken },
    { name: 'network-changed', server_uuid: taken.toUpperCase() },
  );
  expect(status).toBe(207);
  expect(body.events.map((event: { code: number }) => event.code)).toEqual([422, 404, 400, 200]);
  await eventually(() => expect(told()).toHaveLength(1));
  expect(told()[0]?.args).toEqual({
    events: [{ instance_uuid: taken, name: 'network-changed', status: 'completed', tag: null }],
  });
});

it('both ends of a move hear of its ports', async () => {
  const uuid = await cloud.active();
  await rows(
    cloud.cell1,
    `INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status, source_compute, dest_compute)
     SELECT gen_random_uuid(), $1, 'p', 'u', 'live-migration', status, 'host1', dest
       FROM (VALUES ('running', 'host9'), ('completed', 'host8')) AS moves (status, dest)`,
    [uuid],
  );
  const [target] = await new EventTargetRepository().inCell(cloud.cell1, [uuid]);
  expect([...(target?.hosts ?? [])].sort()).toEqual(['host1', 'host9']);
});

it('a change of power outside is followed by the action of the server', async () => {
  const uuid = await cloud.active();
  await tell({ name: 'power-update', server_uuid: uuid, tag: 'POWER_OFF' });
  await eventually(() => expect(told('stop_instance')).toHaveLength(1));
  expect(told()).toEqual([]);
  const [{ arguments: kept } = { arguments: undefined }] = await rows<{ arguments: unknown }>(
    cloud.cell1,
    'SELECT arguments FROM operations WHERE instance_uuid = $1',
    [uuid],
  );
  expect(kept).toEqual({ clean_shutdown: false });
});

it('many at once are one question and one transaction a cell', async () => {
  const servers = await Promise.all(Array.from({ length: 8 }, () => cloud.active()));
  const events = Array.from({ length: 400 }, (_none, index) => ({
    name: 'network-vif-plugged',
    server_uuid: servers[index % 8],
    tag: `p${index}`,
  }));
  expect((await tell(...events)).status).toBe(200);
  await eventually(() => expect(told()).toHaveLength(2));
  expect(told().map(({ args }) => (args as { events: unknown[] }).events.length)).toEqual([200, 200]);
});

it('a volume that has grown is an action on its server, which its agent is told of', async () => {
  const uuid = await cloud.active();
  const failed = { name: 'volume-extended', server_uuid: uuid, tag: 'v0', status: 'failed' };
  expect((await tell(failed, { name: 'volume-extended', server_uuid: uuid, tag: 'v1' })).status).toBe(200);
  await eventually(() => expect(told('extend_volume')).toHaveLength(1));
  const [operation] = await rows(cloud.cell1, 'SELECT name, arguments FROM operations WHERE instance_uuid = $1', [uuid]);
  expect(operation).toEqual({ name: 'extendVolume', arguments: { subject: { volume_id: 'v1' } } });
  const { body } = await cloud.call('GET', `/servers/${uuid}/os-instance-actions`);
  expect(body.instanceActions.map(({ action }: { action: string }) => action)).toEqual(['extend_volume']);
});
