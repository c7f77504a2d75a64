import {
  cellMigrations,
  InstanceRepository,
  OperationRepository,
  ServiceRepository,
  SoftDeleteRepository,
} from '@kilonova/cell-db';
import { anInstance } from '@kilonova/compute-samples';
import { execute, rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeEach, describe, expect, it } from 'vitest';
import { ReclaimInstances } from './reclaim-instances.job.js';

const database = useDatabase(cellMigrations());
let sql: DataSource;
let woken: number;

beforeEach(async () => {
  sql = await database.dataSource();
  for (const table of ['operations', 'instances', 'services', 'outbox']) await execute(sql, `DELETE FROM ${table}`);
  await new ServiceRepository().report(sql, { host: 'h1', binary: 'nova-compute', topic: 'compute', version: 1 });
  woken = 0;
});

const job = (reclaimSeconds: number): ReclaimInstances =>
  new ReclaimInstances(sql, new SoftDeleteRepository(), new OperationRepository(), { wake: () => void (woken += 1) } as never, {
    intervalMs: 1,
    reclaimSeconds,
    serviceDownSeconds: 60,
  });

/** Soft-deleted so many seconds ago. */
async function softDeleted(age: number, given: object = {}): Promise<string> {
  const instance = anInstance({ vm_state: 'soft-delete', task_state: null, host: 'h1', ...given });
  await new InstanceRepository().insertMany(sql, [instance]);
  await execute(sql, 'UPDATE instances SET deleted_at = now() - make_interval(secs => $2) WHERE uuid = $1', [instance.uuid, age]);
  return instance.uuid;
}

const deleting = async () =>
  (await rows<{ uuid: string }>(sql, `SELECT uuid FROM instances WHERE task_state = 'deleting'`)).map(({ uuid }) => uuid);

describe('soft-deleted instances are reclaimed', () => {
  it('when their time is over, by their hosts', async () => {
    const old = await softDeleted(100);
    await softDeleted(10);
    expect(await job(60).run()).toBe(1);
    expect([await deleting(), woken]).toEqual([[old], 1]);
    expect(await rows(sql, 'SELECT name, step FROM operations')).toEqual([{ name: 'delete', step: 'terminate_instance' }]);
    expect(await rows(sql, 'SELECT method FROM outbox')).toEqual([{ method: 'terminate_instance' }]);
    expect(await job(60).run()).toBe(0);
  });

  it('not while they are being restored, run, or their host is down', async () => {
    await softDeleted(100, { task_state: 'restoring' });
    await softDeleted(100, { vm_state: 'active' });
    await softDeleted(100, { host: 'h2' });
    expect([await job(60).run(), await deleting(), woken]).toEqual([0, [], 0]);
  });

  it('not at all where nothing is deleted with delay', async () => {
    await softDeleted(100);
    expect([await job(0).run(), await deleting()]).toEqual([0, []]);
  });
});
