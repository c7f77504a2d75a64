import { anInstance } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { emptyTables, useDatabase } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InstanceActionRepository } from '../action/instance-action.repository.js';
import { cellMigrations } from '../store/cell-migrations.js';
import { InstanceArchive } from './archive.repository.js';
import { InstanceRepository } from './instance.repository.js';

const database = useDatabase(cellMigrations());
const instances = new InstanceRepository();
const archive = new InstanceArchive();
let sql: DataSource;

beforeAll(async () => {
  sql = await database.dataSource();
});
beforeEach(async () => {
  await emptyTables(sql, ['instances', 'instances_archive', 'instance_actions', 'group_placements']);
});

const stored = async (given: Parameters<typeof anInstance>[0] = {}) => {
  const instance = anInstance(given);
  await instances.insertMany(sql, [instance]);
  return instance;
};

describe('a conditional change', () => {
  it('answers with the states before it and merges system metadata', async () => {
    const { uuid } = await stored({ host: 'h1', system_metadata: { image_min_disk: '1' } });
    const change = await instances.update(
      sql,
      uuid,
      { task_state: 'networking', system_metadata: { k: 'v' } },
      { host: 'h1', taskStates: ['scheduling'], vmStates: ['building'] },
    );
    expect(change).toMatchObject({
      outcome: 'updated',
      old_vm_state: 'building',
      old_task_state: 'scheduling',
      instance: { task_state: 'networking', system_metadata: { image_min_disk: '1', k: 'v' } },
    });
  });

  it.each([
    ['another host', { host: 'h2' }],
    ['no host', { host: null }],
    ['another task state', { taskStates: ['spawning', null] }],
    ['another vm state', { vmStates: ['active'] }],
  ] as const)('is refused for %s, and says where the row is', async (_what, guard) => {
    const { uuid } = await stored({ host: 'h1' });
    expect(await instances.update(sql, uuid, { task_state: null }, guard)).toEqual({
      outcome: 'stale',
      vm_state: 'building',
      task_state: 'scheduling',
      host: 'h1',
    });
  });

  it('matches an idle instance by null', async () => {
    const { uuid } = await stored({ task_state: null });
    expect(await instances.update(sql, uuid, { progress: 5 }, { taskStates: [null] })).toMatchObject({ outcome: 'updated' });
  });

  it('says when the row is gone', async () => {
    expect(await instances.update(sql, anInstance().uuid, { progress: 1 })).toEqual({
      outcome: 'stale',
      vm_state: null,
      task_state: null,
      host: null,
    });
  });

  it('is made by one of two who expect the same state', async () => {
    const { uuid } = await stored();
    const guard = { taskStates: ['scheduling'] } as const;
    const results = await Promise.all(
      [1, 2, 3, 4].map((progress) => instances.update(sql, uuid, { task_state: 'spawning', progress }, guard)),
    );
    expect(results.filter((result) => result.outcome === 'updated')).toHaveLength(1);
  });

  it('leaves its values in the row, metadata merged, and a host when it says so', async () => {
    const { uuid } = await stored({ host: 'h1', system_metadata: { a: '1' } });
    const launched = { task_state: null, launched_at: new Date().toISOString() } as const;
    await instances.update(sql, uuid, { ...launched, system_metadata: { k: 'v' } });
    expect(await instances.find(sql, uuid)).toMatchObject({ ...launched, host: 'h1', system_metadata: { a: '1', k: 'v' } });
    await instances.update(sql, uuid, { host: null, node: null });
    expect(await instances.find(sql, uuid)).toMatchObject({ ...launched, host: null, node: null });
  });

  it('refuses fields that are nobody else’s to change', async () => {
    const { uuid } = await stored();
    await expect(instances.update(sql, uuid, { project_id: 'p2' } as never)).rejects.toMatchObject({
      kind: 'invalid-input',
      code: 'cell.instance.field_not_updatable',
    });
  });

  it('leaves the server group with the host', async () => {
    const { uuid } = await stored({ host: 'h1' });
    await rows(sql, `INSERT INTO group_placements VALUES (gen_random_uuid(), $1, 'h1')`, [uuid]);
    await instances.update(sql, uuid, { host: null, node: null });
    expect(await rows(sql, 'SELECT 1 FROM group_placements')).toEqual([]);
  });
});

describe('the archive', () => {
  it('takes a deleted instance whole, and ends its delete action', async () => {
    const deleting = { vm_state: 'active', task_state: 'deleting', power_state: 1 } as const;
    const instance = await stored({ host: 'h1', ...deleting, tags: ['x', 'y'] });
    const actions = new InstanceActionRepository();
    await actions.start(sql, {
      action: 'delete',
      instance_uuid: instance.uuid,
      request_id: 'req-1',
      user_id: 'u1',
      project_id: 'p1',
    });
    const gone = await archive.move(sql, systemCtx(), instance.uuid, 'h1');
    expect(gone).toMatchObject({
      uuid: instance.uuid,
      vm_state: 'deleted',
      task_state: null,
      power_state: 0,
      host: 'h1',
      tags: ['x', 'y'],
    });
    expect(gone?.deleted_at).not.toBeNull();
    expect(await instances.find(sql, instance.uuid)).toBeUndefined();
    expect(await archive.find(sql, instance.uuid)).toEqual(gone);
    expect((await actions.list(sql, instance.uuid))[0]?.finish_time).toBeInstanceOf(Date);
  });

  it('is closed to those who have the wrong host', async () => {
    const { uuid } = await stored({ host: 'h1' });
    expect(await archive.move(sql, systemCtx(), uuid, 'h2')).toBeUndefined();
    expect(await archive.move(sql, systemCtx(), uuid, null)).toBeUndefined();
    expect(await archive.move(sql, systemCtx(), uuid)).toBeDefined();
    expect(await archive.move(sql, systemCtx(), uuid)).toBeUndefined();
  });

  it('forgets what is old, a batch at a time', async () => {
    for (let count = 0; count < 3; count++) await archive.move(sql, systemCtx(), (await stored()).uuid);
    expect(await archive.purge(sql, new Date(Date.now() + 60_000), 2)).toBe(2);
    expect(await archive.purge(sql, new Date(Date.now() + 60_000), 2)).toBe(1);
  });
});
