import { OperationRepository } from '@kilonova/cell-db';
import { type Instance, unplaced } from '@kilonova/compute-objects';
import { execute, rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../spec-support/server-cloud.js';

const ADMIN = { as: 'admin:p' } as const;

describe('what is asked of a live migration that is under way', () => {
  const cloud = useServerCloud();
  let server: string;
  let migration: number;
  beforeEach(async () => {
    await cloud.clear();
    server = await cloud.active();
    const choice = { block_migration: null, disk_over_commit: null, forced: false };
    const as = { uuid: server, vm_state: 'active', task_state: null, host: 'host1' } as Instance & { host: string };
    await new OperationRepository().accept(cloud.cell1, systemCtx(), 'liveMigrate', as, { ...unplaced(), ...choice });
    const [row] = await rows<{ id: number }>(cloud.cell1, 'SELECT id FROM migrations WHERE instance_uuid = $1', [server]);
    migration = row?.id as number;
  });

  /** It has come as far as this, and its step is with host1. */
  const at = async (status: string, step = 'live_migration', state = 'taken'): Promise<void> => {
    await execute(cloud.cell1, 'UPDATE migrations SET status = $2 WHERE id = $1', [migration, status]);
    await execute(cloud.cell1, `UPDATE operations SET step = $2, state = $3, host = 'host1' WHERE instance_uuid = $1`, [
      server,
      step,
      state,
    ]);
  };
  const abort = (version = '2.65', id: number | string = migration) =>
    cloud.call('DELETE', `/servers/${server}/migrations/${id}`, { ...ADMIN, at: version });
  const force = () =>
    cloud.call('POST', `/servers/${server}/migrations/${migration}/action`, { ...ADMIN, body: { force_complete: null } });
  const operation = async () =>
    (
      await rows(cloud.cell1, `SELECT state, arguments -> 'cancelled' AS cancelled FROM operations WHERE instance_uuid = $1`, [
        server,
      ])
    )[0];
  const asked = async () => (await cloud.call('GET', `/servers/${server}/os-instance-actions`)).body.instanceActions[0].action;

  it('one that runs is aborted by its agent', async () => {
    await at('running');
    expect((await abort('2.24')).status).toBe(202);
    await eventually(() => expect(cloud.casts.map(({ method }) => method)).toContain('live_migration_abort'));
    expect(cloud.casts.find(({ method }) => method === 'live_migration_abort')).toMatchObject({
      host: 'host1',
      args: { instance_uuid: server },
    });
    expect(await operation()).toEqual({ state: 'taken', cancelled: true });
    expect(await asked()).toBe('live_migration_cancel');
  });

  it.each(['queued', 'preparing'])('one that is %s is aborted from 2.65 on', async (status) => {
    await at(status, 'pre_live_migration', status === 'queued' ? 'queued' : 'taken');
    const { status: refused, body } = await abort('2.64');
    expect([refused, body.badRequest.message]).toEqual([
      400,
      `Migration ${migration} state of instance ${server} is ${status}. Cannot abort live migration while the migration is in this state.`,
    ]);
    expect((await abort()).status).toBe(202);
    expect(await operation()).toEqual({ state: status === 'queued' ? 'failed' : 'taken', cancelled: true });
  });

  it('what is no live migration is not aborted', async () => {
    const [cold] = await rows<{ id: number }>(
      cloud.cell1,
      `INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status, source_compute)
       VALUES (gen_random_uuid(), $1, 'p', 'u', 'migration', 'migrating', 'host1') RETURNING id`,
      [server],
    );
    expect((await abort('2.65', cold?.id)).status).toBe(400);
    expect((await abort('2.65', 'x')).status).toBe(404);
  });

  it('one that runs is brought to its end by its agent, others are not', async () => {
    await at('queued', 'pre_live_migration', 'queued');
    expect((await force()).status).toBe(400);
    await at('running');
    expect((await force()).status).toBe(202);
    await eventually(() => expect(cloud.casts.map(({ method }) => method)).toContain('live_migration_force_complete'));
    expect(await asked()).toBe('live_migration_force_complete');
  });

  it('a lock holds for those who are bound by it', async () => {
    await at('running');
    await execute(cloud.cell1, `UPDATE instances SET locked = true WHERE uuid = $1`, [server]);
    const call = { as: 'u:p', roles: 'manager,member' };
    expect((await cloud.call('DELETE', `/servers/${server}/migrations/${migration}`, call)).status).toBe(409);
  });
});
