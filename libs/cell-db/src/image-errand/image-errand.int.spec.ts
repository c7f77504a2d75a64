import { randomUUID } from 'node:crypto';
import { rows } from '@kilonova/sql';
import { emptyTables, useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InstanceArchive } from '../instance/archive.repository.js';
import { OperationSweepRepository } from '../operation/operation-sweep.repository.js';
import { aFault, Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';
import { ImageErrandRepository } from './image-errand.repository.js';

const database = useDatabase(cellMigrations());
let sql: DataSource;
const cloud = new Operations(() => sql);
const { operations, steps, ctx } = cloud;
const errands = new ImageErrandRepository();
const IMAGE = randomUUID();
const snapshot = { subject: { image_id: IMAGE }, disk_format: 'qcow2' };

beforeAll(async () => {
  sql = await database.dataSource({ poolSize: 4 });
});
beforeEach(async () => {
  await cloud.clear();
  await emptyTables(sql, ['image_errands']);
});

/** A server whose image the agent is making. */
async function snapshotting() {
  const server = await cloud.active();
  await operations.accept(sql, ctx, 'createImage', server, snapshot);
  const step = await cloud.step(server);
  await steps.take(sql, step);
  return { server, step };
}
const told = async () => (await cloud.outbox()).filter(({ method }) => method === 'tend_images');
const sentTo = (uuid: string) => ({
  level: 'api',
  topic: 'conductor',
  host: null,
  args: { instance_uuid: uuid },
  version: '1.0',
});

describe('an image that a server was to become', () => {
  it('goes when the step failed, and the conductor above is told in the same statement', async () => {
    const { server, step } = await snapshotting();
    await steps.finish(sql, { ...step, updates: {}, fault: aFault });
    expect(await errands.ofInstance(sql, server.uuid)).toMatchObject([{ image_id: IMAGE, backup_type: null, keep: null }]);
    expect(await told()).toMatchObject([sentTo(server.uuid)]);
    await steps.finish(sql, { ...step, updates: {}, fault: aFault });
    expect(await told()).toHaveLength(1);
  });

  it('goes when the host never gave a sign of life', async () => {
    const { server } = await snapshotting();
    const [overdue] = await new OperationSweepRepository().overdue(sql, { snapshot_instance: -1 } as never, 1);
    if (overdue === undefined) throw new Error('nothing is overdue');
    await new OperationSweepRepository().end(sql, overdue, aFault);
    expect(await errands.ofInstance(sql, server.uuid)).toHaveLength(1);
  });

  it('goes when a delete takes the place of its operation', async () => {
    const { server } = await snapshotting();
    await operations.accept(sql, ctx, 'delete', { ...server, task_state: 'image_snapshot' }, {});
    expect(await errands.ofInstance(sql, server.uuid)).toMatchObject([{ image_id: IMAGE }]);
    expect(await told()).toMatchObject([sentTo(server.uuid)]);
  });

  it('goes when the operation is dropped', async () => {
    const { server } = await snapshotting();
    expect(await operations.drop(sql, server.uuid)).toBe(true);
    expect(await errands.ofInstance(sql, server.uuid)).toHaveLength(1);
    expect(await operations.drop(sql, server.uuid)).toBe(false);
  });

  it('stays when the step succeeded', async () => {
    const { server, step } = await snapshotting();
    expect(await steps.finish(sql, { ...step, updates: {} })).toMatchObject({
      outcome: 'finished',
      instance: { vm_state: 'active', task_state: null },
    });
    expect([await errands.ofInstance(sql, server.uuid), await told()]).toEqual([[], []]);
  });
});

it('a delete of a server of which no image is made leaves no errand', async () => {
  const server = await cloud.active();
  await operations.accept(sql, ctx, 'stop', server, { clean_shutdown: true });
  await operations.accept(sql, ctx, 'delete', { ...server, task_state: 'powering-off' }, {});
  expect(await errands.ofInstance(sql, server.uuid)).toEqual([]);
});

it('a backup that succeeded makes older ones too many', async () => {
  const server = await cloud.active();
  await operations.accept(sql, ctx, 'createBackup', server, { ...snapshot, backup_type: 'daily', rotation: 2 });
  const step = await cloud.step(server);
  await steps.take(sql, step);
  await steps.finish(sql, { ...step, updates: {} });
  const [errand] = await errands.ofInstance(sql, server.uuid);
  expect(errand).toMatchObject({ image_id: null, backup_type: 'daily', keep: 2 });
  expect(await told()).toMatchObject([sentTo(server.uuid)]);
  expect(await errands.waiting(sql, -1, 10)).toEqual([server.uuid]);
  await errands.done(sql, [errand?.id ?? '']);
  expect([await errands.ofInstance(sql, server.uuid), await errands.waiting(sql, -1, 10)]).toEqual([[], []]);
});

it('images that are needed no more are noted together, and told of once', async () => {
  const { uuid } = await cloud.active();
  const ids = [randomUUID(), randomUUID()];
  await errands.note(sql, ctx, uuid, ids);
  await errands.note(sql, ctx, uuid, []);
  expect((await errands.ofInstance(sql, uuid)).map(({ image_id }) => image_id)).toEqual(ids);
  expect(await told()).toMatchObject([sentTo(uuid)]);
});

describe('an image that a server was shelved to', () => {
  async function shelved() {
    const server = await cloud.active();
    await operations.accept(sql, ctx, 'shelve', server, snapshot);
    const step = await cloud.step(server);
    await steps.take(sql, step);
    const shelved_at = new Date(0).toISOString();
    const updates = { power_state: 4, system_metadata: { shelved_image_id: IMAGE, shelved_at } } as const;
    const done = await steps.finish(sql, { ...step, updates });
    if (done.outcome !== 'finished') throw new Error(done.outcome);
    return { ...done.instance, host: 'h1' };
  }

  it('stays with the server, which is found when it has been shelved for long enough', async () => {
    const server = await shelved();
    expect(server).toMatchObject({ vm_state: 'shelved', task_state: null });
    expect(await errands.ofInstance(sql, server.uuid)).toEqual([]);
    expect((await cloud.instances.shelvedFor(sql, 60, 10)).map(({ uuid }) => uuid)).toEqual([server.uuid]);
    expect(await cloud.instances.shelvedFor(sql, 10_000_000_000, 10)).toEqual([]);
  });

  it('stays when the server leaves its host, and its place in a group', async () => {
    const server = await shelved();
    await operations.accept(sql, ctx, 'offloadShelved', server, {});
    const step = await cloud.step(server);
    await steps.take(sql, step);
    expect(await steps.finish(sql, { ...step, updates: {} })).toMatchObject({
      instance: { vm_state: 'shelved_offloaded', task_state: null, host: null, node: null, compute_node_uuid: null },
    });
    expect(await errands.ofInstance(sql, server.uuid)).toEqual([]);
    expect(await rows(sql, `SELECT action FROM instance_actions WHERE action LIKE 'shelve%'`)).toEqual([{ action: 'shelve' }]);
  });

  it('goes when the server runs again', async () => {
    const server = await shelved();
    await operations.accept(sql, ctx, 'unshelve', server, { subject: { image_id: IMAGE } });
    const step = await cloud.step(server);
    await steps.take(sql, step);
    expect(await steps.finish(sql, { ...step, updates: { power_state: 1 } })).toMatchObject({ instance: { vm_state: 'active' } });
    expect(await errands.ofInstance(sql, server.uuid)).toMatchObject([{ image_id: IMAGE }]);
  });

  it('goes with the server', async () => {
    const server = await shelved();
    await operations.accept(sql, ctx, 'delete', server, {});
    const step = await cloud.step(server);
    await steps.take(sql, step);
    await steps.finish(sql, { ...step, updates: {} });
    expect(await errands.ofInstance(sql, server.uuid)).toMatchObject([{ image_id: IMAGE }]);
  });
});

it('an image that is being made goes with a server whose host is down', async () => {
  const { server } = await snapshotting();
  await new InstanceArchive().move(sql, ctx, server.uuid);
  expect(await errands.ofInstance(sql, server.uuid)).toMatchObject([{ image_id: IMAGE }]);
  expect(await told()).toMatchObject([sentTo(server.uuid)]);
});
