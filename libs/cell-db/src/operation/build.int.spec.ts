import { aBuild, anInstance, aSelection } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InstanceArchive } from '../instance/archive.repository.js';
import { aFault, CELL, Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';

const GROUP = '22222222-2222-4222-8222-222222222222';
const database = useDatabase(cellMigrations());
let sql: DataSource;
const cloud = new Operations(() => sql);
const { builds, steps, instances, ctx } = cloud;

beforeAll(async () => {
  sql = await database.dataSource();
});
beforeEach(() => cloud.clear());

describe('a build on its way', () => {
  it('is prepared for many in one statement, however often, and keeps what the API stored', async () => {
    const given = Array.from({ length: 50 }, () => anInstance());
    const all = given.map((instance) => ({ instance, arguments: aBuild(instance, [aSelection('h1', CELL)]) }));
    await builds.prepareMany(sql, ctx, all);
    await builds.prepareMany(sql, ctx, all);
    const stored = await instances.findMany(
      sql,
      given.map((instance) => instance.uuid),
    );
    const byUuid = new Map(stored.map((instance) => [instance.uuid, instance]));
    expect(byUuid.size).toBe(50);
    for (const instance of given) expect(byUuid.get(instance.uuid)).toEqual({ ...instance, id: expect.any(Number) });
    expect(await rows(sql, 'SELECT 1 FROM instance_actions')).toHaveLength(50);
    expect(await cloud.outbox()).toHaveLength(0);
  });

  it('is sent once, with the zone of its host, and the message says nothing of what is built', async () => {
    const { instance } = await cloud.prepared();
    const { instances, casts } = await builds.sendMany(sql, [instance.uuid]);
    expect(instances).toMatchObject([{ uuid: instance.uuid, availability_zone: 'nova' }]);
    expect(await builds.sendMany(sql, [instance.uuid])).toEqual({ instances: [], casts: [] });
    const operation = await cloud.row(instance);
    const args = { operation_uuid: operation?.uuid, instance_uuid: instance.uuid, attempt: 1 };
    expect(await cloud.outbox()).toMatchObject([{ level: 'cell', host: 'h1', method: 'build_and_run_instance', args }]);
    const ids = await rows<{ id: string }>(sql, 'SELECT id FROM outbox');
    const envelope = { target: { topic: 'compute', host: 'h1' }, method: 'build_and_run_instance', args };
    expect(casts).toMatchObject(ids.map(({ id }) => ({ id, envelope })));
  });

  it('takes another host on while no agent was told, and none afterwards', async () => {
    const { instance } = await cloud.prepared();
    const to = (host: string) => [{ instance, arguments: aBuild(instance, [aSelection(host, CELL)]) }];
    await builds.prepareMany(sql, ctx, to('h9'));
    await builds.sendMany(sql, [instance.uuid]);
    await builds.prepareMany(sql, ctx, to('h1'));
    expect(await cloud.outbox()).toMatchObject([{ host: 'h9' }]);
    expect(await cloud.row(instance)).toMatchObject({ host: 'h9', state: 'sent' });
  });

  it('is not begun again by a repeated run when it has ended', async () => {
    const { instance, args } = await cloud.sent();
    await steps.take(sql, await cloud.step(instance));
    await steps.finish(sql, { ...(await cloud.step(instance)), updates: {} });
    await builds.prepareMany(sql, ctx, [{ instance, arguments: args }]);
    expect(await cloud.row(instance)).toBeUndefined();
  });

  it('is withdrawn only before it is sent', async () => {
    const early = await cloud.prepared();
    const late = await cloud.sent();
    const gone = await builds.withdraw(sql, [early.instance.uuid, late.instance.uuid]);
    expect(gone.map((instance) => instance.uuid)).toEqual([early.instance.uuid]);
    expect(await rows(sql, 'SELECT instance_uuid FROM operations')).toEqual([{ instance_uuid: late.instance.uuid }]);
  });

  it('is not sent when its server was deleted', async () => {
    const { instance } = await cloud.prepared();
    await new InstanceArchive().move(sql, ctx, instance.uuid, null);
    expect((await builds.sendMany(sql, [instance.uuid])).instances).toEqual([]);
  });

  it('is known to be waiting for its message after a while', async () => {
    const { instance } = await cloud.prepared();
    await cloud.sent();
    expect(await builds.unsent(sql, 60, 10)).toEqual([]);
    await rows(sql, `UPDATE operations SET changed_at = now() - interval '61 seconds'`);
    expect(await builds.unsent(sql, 60, 10)).toEqual([instance.uuid]);
  });
});

describe('a build that failed on its host', () => {
  it('moves on to the next host once, leaving its place in a group', async () => {
    const { instance, args } = await cloud.sentInGroup(GROUP);
    const step = await cloud.step(instance);
    await steps.take(sql, step, true);
    expect(await rows(sql, 'SELECT host FROM group_placements')).toEqual([{ host: 'h1' }]);
    const next = { ...args, selection: aSelection('h2', CELL), alternates: [] };
    expect(await builds.redirect(sql, step.operation_uuid, 1, next)).toMatchObject({ host: null, task_state: 'scheduling' });
    expect(await builds.redirect(sql, step.operation_uuid, 1, next)).toBeUndefined();
    expect(await rows(sql, 'SELECT host FROM group_placements')).toEqual([]);
    expect((await cloud.outbox()).map((row) => [row.host, row.args['attempt']])).toEqual([
      ['h1', 1],
      ['h2', 2],
    ]);
    expect(await steps.take(sql, step)).toMatchObject({ outcome: 'stale' });
    expect(await steps.take(sql, await cloud.step(instance), true)).toMatchObject({
      outcome: 'taken',
      resumed: false,
      instance: { host: 'h2', node: 'h2' },
    });
  });

  it('ends in ERROR on no host, its action failed and ended, once', async () => {
    const { instance } = await cloud.sentInGroup(GROUP);
    const step = await cloud.step(instance);
    await steps.take(sql, step, true);
    expect(await builds.fail(sql, step.operation_uuid, 1, aFault)).toMatchObject({
      instance: { vm_state: 'error', host: null, fault: aFault },
      old_task_state: 'spawning',
    });
    expect(await builds.fail(sql, step.operation_uuid, 1, aFault)).toBeUndefined();
    expect(await rows(sql, 'SELECT message, finish_time IS NOT NULL AS ended FROM instance_actions')).toEqual([
      { message: 'Error', ended: true },
    ]);
    expect(await rows(sql, 'SELECT 1 FROM group_placements UNION ALL SELECT 1 FROM operations')).toEqual([]);
  });
});
