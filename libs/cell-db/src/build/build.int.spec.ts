import type { BeginBuild, Instance } from '@kilonova/compute-objects';
import { aBuild, anInstance, aSelection } from '@kilonova/compute-samples';
import { rows, transaction } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InstanceRepository } from '../instance/instance.repository.js';
import { ServiceRepository } from '../service/service.repository.js';
import { cellMigrations } from '../store/cell-migrations.js';
import { BuildRepository } from './build.repository.js';
import { BuildDispatchRepository } from './build-dispatch.repository.js';

const CELL = '11111111-1111-4111-8111-111111111111';
const database = useDatabase(cellMigrations());
const instances = new InstanceRepository();
const dispatches = new BuildDispatchRepository();
const builds = new BuildRepository();
const ctx = systemCtx();
let sql: DataSource;

beforeAll(async () => {
  sql = await database.dataSource();
});
beforeEach(async () => {
  await rows(sql, 'TRUNCATE instances, instance_actions, outbox, build_dispatches, group_placements, services CASCADE');
});

const outbox = () =>
  rows<{ host: string; method: string; args: { build_attempt: number; admin_password: string } }>(
    sql,
    'SELECT * FROM outbox ORDER BY id',
  );

const prepared = async (
  hosts: readonly [string, ...string[]] = ['h1', 'h2'],
): Promise<{ instance: Instance; args: ReturnType<typeof aBuild> }> => {
  const instance = anInstance();
  const [first, ...others] = hosts;
  const args = aBuild(instance, [aSelection(first, CELL), ...others.map((host) => aSelection(host, CELL))]);
  await dispatches.prepareMany(sql, ctx, [{ instance, args }]);
  return { instance, args };
};

const beginArgs = (instance: Instance, host: string, attempt = 1): BeginBuild => ({
  host,
  node: host,
  instance_uuid: instance.uuid,
  compute_node_uuid: CELL,
  build_attempt: attempt,
  group: null,
});

const dispatched = async (hosts?: readonly [string, ...string[]]) => {
  const build = await prepared(hosts);
  await dispatches.dispatchMany(sql, [build.instance.uuid]);
  return build;
};

describe('a build on its way', () => {
  it('is prepared for many in one statement, however often, and keeps what the API stored', async () => {
    const given = Array.from({ length: 50 }, () => anInstance());
    const all = given.map((instance) => ({ instance, args: aBuild(instance, [aSelection('h1', CELL)]) }));
    await dispatches.prepareMany(sql, ctx, all);
    await dispatches.prepareMany(sql, ctx, all);
    const stored = await instances.findMany(
      sql,
      given.map((instance) => instance.uuid),
    );
    const byUuid = new Map(stored.map((instance) => [instance.uuid, instance]));
    expect(byUuid.size).toBe(50);
    for (const instance of given) expect(byUuid.get(instance.uuid)).toEqual({ ...instance, id: expect.any(Number) });
    expect(await rows(sql, 'SELECT 1 FROM instance_actions')).toHaveLength(50);
    expect(await outbox()).toHaveLength(0);
  });

  it('is handed over once, with the zone of its host', async () => {
    const { instance } = await prepared();
    const [sent] = await dispatches.dispatchMany(sql, [instance.uuid]);
    expect(sent).toMatchObject({ uuid: instance.uuid, availability_zone: 'nova' });
    expect(await dispatches.dispatchMany(sql, [instance.uuid])).toEqual([]);
    expect(await outbox()).toMatchObject([
      { host: 'h1', method: 'build_and_run_instance', args: { build_attempt: 1, admin_password: 'pw' } },
    ]);
  });

  it('takes another host on while nothing was handed over, and none afterwards', async () => {
    const { instance } = await prepared();
    await dispatches.prepareMany(sql, ctx, [{ instance, args: aBuild(instance, [aSelection('h9', CELL)]) }]);
    await dispatches.dispatchMany(sql, [instance.uuid]);
    await dispatches.prepareMany(sql, ctx, [{ instance, args: aBuild(instance, [aSelection('h1', CELL)]) }]);
    expect(await outbox()).toMatchObject([{ host: 'h9' }]);
    expect(await rows(sql, 'SELECT host FROM build_dispatches')).toEqual([{ host: 'h9' }]);
  });

  it('is withdrawn with its message only before it is handed over', async () => {
    const early = await prepared();
    const late = await dispatched();
    const gone = await dispatches.withdraw(sql, [early.instance.uuid, late.instance.uuid]);
    expect(gone.map((instance) => instance.uuid)).toEqual([early.instance.uuid]);
    expect(await rows(sql, 'SELECT instance_uuid FROM build_dispatches')).toEqual([{ instance_uuid: late.instance.uuid }]);
  });

  it('is not handed over when it is being deleted', async () => {
    const { instance } = await prepared();
    await instances.update(sql, instance.uuid, { task_state: 'deleting' });
    expect(await dispatches.dispatchMany(sql, [instance.uuid])).toEqual([]);
  });
});

describe('taking a build on', () => {
  it('sets host and node, may be repeated by the same host, and ends the message', async () => {
    const { instance } = await dispatched();
    const first = await builds.begin(sql, beginArgs(instance, 'h1'), null);
    expect(first).toMatchObject({ outcome: 'begun', resumed: false, instance: { host: 'h1', node: 'h1', task_state: null } });
    await instances.update(sql, instance.uuid, { task_state: 'spawning' });
    expect(await builds.begin(sql, beginArgs(instance, 'h1'), null)).toMatchObject({ outcome: 'begun', resumed: true });
    expect(await rows(sql, 'SELECT 1 FROM build_dispatches')).toEqual([]);
  });

  it.each([
    ['before it was handed over', async () => ({ ...(await prepared()), attempt: 1, host: 'h1' })],
    [
      'with an older attempt',
      async () => {
        const build = await dispatched();
        await dispatches.redirect(sql, ctx, 1, { ...build.args, build_attempt: 2 });
        return { ...build, attempt: 1, host: 'h1' };
      },
    ],
    [
      'by another host',
      async () => {
        const build = await dispatched();
        await builds.begin(sql, beginArgs(build.instance, 'h1'), null);
        return { ...build, attempt: 1, host: 'h2' };
      },
    ],
    [
      'while it is being deleted',
      async () => {
        const build = await dispatched();
        await instances.update(sql, build.instance.uuid, { task_state: 'deleting' });
        return { ...build, attempt: 1, host: 'h1' };
      },
    ],
  ])('is refused %s', async (_when, arrange) => {
    const { instance, attempt, host } = await arrange();
    expect(await builds.begin(sql, beginArgs(instance, host, attempt), null)).toEqual({ outcome: 'refused' });
  });

  it('is for the host alone that was told', async () => {
    const { instance } = await dispatched();
    const results = await Promise.all(['h3', 'h2', 'h1', 'h2'].map((host) => builds.begin(sql, beginArgs(instance, host), null)));
    expect(results.map((result) => result.outcome)).toEqual(['refused', 'refused', 'begun', 'refused']);
  });

  it('knows a build that is done', async () => {
    const { instance } = await dispatched();
    await builds.begin(sql, beginArgs(instance, 'h1'), null);
    expect(await builds.findDone(sql, beginArgs(instance, 'h1'))).toBeUndefined();
    await instances.update(sql, instance.uuid, { vm_state: 'active', task_state: null });
    expect(await builds.findDone(sql, beginArgs(instance, 'h1'))).toMatchObject({ uuid: instance.uuid });
    expect(await builds.findDone(sql, beginArgs(instance, 'h2'))).toBeUndefined();
  });
});

describe('a build that fails', () => {
  const GROUP = '22222222-2222-4222-8222-222222222222';
  const fault = { code: 500, message: 'no', details: 'x', host: 'h1', created_at: new Date(0).toISOString() };

  it('moves on to the next host once, leaving its place in a group', async () => {
    const { instance, args } = await dispatched();
    await builds.begin(sql, beginArgs(instance, 'h1'), GROUP);
    expect(await rows(sql, 'SELECT host FROM group_placements')).toEqual([{ host: 'h1' }]);
    const next = { ...args, selection: aSelection('h2', CELL), alternates: [], build_attempt: 2 };
    expect(await dispatches.redirect(sql, ctx, 1, next)).toMatchObject({ host: null, node: null, task_state: 'scheduling' });
    expect(await dispatches.redirect(sql, ctx, 1, next)).toBeUndefined();
    expect(await rows(sql, 'SELECT host FROM group_placements')).toEqual([]);
    expect((await outbox()).map((row) => [row.host, row.args.build_attempt])).toEqual([
      ['h1', 1],
      ['h2', 2],
    ]);
    expect(await builds.begin(sql, beginArgs(instance, 'h2', 2), null)).toMatchObject({ outcome: 'begun', resumed: false });
  });

  it('ends in ERROR on no host, its action failed, once', async () => {
    const { instance } = await dispatched();
    await builds.begin(sql, beginArgs(instance, 'h1'), GROUP);
    expect(await builds.fail(sql, instance.uuid, 1, fault)).toMatchObject({ instance: { vm_state: 'error', host: null, fault } });
    expect(await builds.fail(sql, instance.uuid, 1, fault)).toBeUndefined();
    expect(await rows(sql, 'SELECT message FROM instance_actions')).toEqual([{ message: 'Error' }]);
    expect(await rows(sql, 'SELECT 1 FROM group_placements')).toEqual([]);
  });

  it('ends by time where nothing moved, and stays on its host', async () => {
    const moving = await dispatched();
    const stuck = await dispatched();
    await builds.begin(sql, beginArgs(stuck.instance, 'h1'), null);
    await rows(sql, `UPDATE instances SET updated_at = now() - interval '700 seconds' WHERE uuid = $1`, [stuck.instance.uuid]);
    const ended = await builds.timeOut(sql, 600, fault, 10);
    expect(ended).toMatchObject([{ instance: { uuid: stuck.instance.uuid, vm_state: 'error', host: 'h1' }, oldTaskState: null }]);
    expect(await instances.find(sql, moving.instance.uuid)).toMatchObject({ vm_state: 'building' });
  });
});

describe('a message that was lost', () => {
  const age = (seconds: number) =>
    rows(sql, 'UPDATE build_dispatches SET told_at = now() - make_interval(secs => $1)', [seconds]);

  it('is told again to a living host, not too often, and not while it waits in the outbox', async () => {
    const { instance } = await dispatched();
    const services = new ServiceRepository();
    await services.report(sql, { host: 'h1', binary: 'nova-compute', topic: 'compute', version: 1 });
    await age(200);
    expect(await dispatches.repeatLost(sql, 120, 60, 10)).toEqual([]);
    await rows(sql, 'DELETE FROM outbox');
    expect(await dispatches.repeatLost(sql, 120, 60, 10)).toEqual([instance.uuid]);
    await rows(sql, 'DELETE FROM outbox');
    expect(await dispatches.repeatLost(sql, 120, 60, 10)).toEqual([]);
    await age(200);
    await rows(sql, `UPDATE services SET last_seen_up = now() - interval '90 seconds'`);
    expect(await dispatches.repeatLost(sql, 120, 60, 10)).toEqual([]);
  });

  it('is not told of a build that was taken on', async () => {
    const { instance } = await dispatched();
    await new ServiceRepository().report(sql, { host: 'h1', binary: 'nova-compute', topic: 'compute', version: 1 });
    await transaction(sql, (manager) => builds.begin(manager, beginArgs(instance, 'h1'), null));
    expect(await dispatches.repeatLost(sql, 0, 60, 10)).toEqual([]);
  });
});
