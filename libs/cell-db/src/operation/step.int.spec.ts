import { PowerState } from '@kilonova/compute-objects';
import { aSelection } from '@kilonova/compute-samples';
import { rows, type Sql, transaction } from '@kilonova/sql';
import { eventually, useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aFault, CELL, Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';

const database = useDatabase(cellMigrations());
let sql: DataSource;
const cloud = new Operations(() => sql);
const { builds, operations, steps, instances, ctx } = cloud;

beforeAll(async () => {
  sql = await database.dataSource({ poolSize: 8 });
});
beforeEach(() => cloud.clear());

const actions = () =>
  rows<{ action: string; message: string | null; ended: boolean }>(
    sql,
    'SELECT action, message, finish_time IS NOT NULL AS ended FROM instance_actions ORDER BY id',
  );
const events = () => rows(sql, 'SELECT event, host, result, details FROM instance_action_events ORDER BY id');

describe('accepting an action', () => {
  it('stores task state, record, operation and message together', async () => {
    const server = await cloud.active();
    const accepted = await operations.accept(sql, ctx, 'stop', server, { clean_shutdown: true });
    expect(accepted).toMatchObject({ outcome: 'accepted', instance: { vm_state: 'active', task_state: 'powering-off' } });
    expect(await cloud.row(server)).toMatchObject({
      name: 'stop',
      step: 'stop_instance',
      host: 'h1',
      state: 'sent',
      arguments: { clean_shutdown: true },
      ctx: { requestId: ctx.requestId },
    });
    expect((await cloud.outbox()).at(-1)).toMatchObject({ topic: 'compute', host: 'h1', method: 'stop_instance' });
    expect((await actions()).at(-1)).toEqual({ action: 'stop', message: null, ended: false });
  });

  it('is refused when the server is not as it was, and then changes nothing', async () => {
    const server = await cloud.active();
    const stop = (from: typeof server) => operations.accept(sql, ctx, 'stop', from, { clean_shutdown: true });
    expect(await stop({ ...server, vm_state: 'paused' })).toEqual({ outcome: 'changed' });
    expect(await stop({ ...server, host: 'h2' })).toEqual({ outcome: 'changed' });
    const both = await Promise.all([stop(server), stop(server), stop(server)]);
    expect(both.map((one) => one.outcome).sort()).toEqual(['accepted', 'changed', 'changed']);
    expect(await rows(sql, `SELECT 1 FROM instance_actions WHERE action = 'stop'`)).toHaveLength(1);
  });

  it('accepts one of two at the same time that leave the server idle', async () => {
    const server = await cloud.active();
    const dump = (on: Sql) => operations.accept(on, ctx, 'triggerCrashDump', server, {});
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const second = await transaction(sql, async (first) => {
      expect(await dump(first)).toMatchObject({ outcome: 'accepted' });
      const late = dump(sql);
      await eventually(async () => expect(await rows(sql, waiting)).toHaveLength(1));
      return { outcome: late };
    });
    expect(await second.outcome).toEqual({ outcome: 'changed' });
  });

  it('lets a delete take the place of what is under way', async () => {
    const { instance } = await cloud.sent();
    const building = await cloud.step(instance);
    const taken = await steps.take(sql, building);
    const server = taken.outcome === 'taken' ? taken.instance : instance;
    expect(await operations.accept(sql, ctx, 'delete', { ...server, host: 'h1' }, {})).toMatchObject({ outcome: 'accepted' });
    expect(await steps.finish(sql, { ...building, updates: {} })).toMatchObject({ outcome: 'stale' });
    expect(await steps.beat(sql, ['h1'], [building], [])).toEqual([building.operation_uuid]);
    expect(await cloud.row(instance)).toMatchObject({ name: 'delete', attempt: 1, state: 'sent' });
  });
});

describe('taking a step', () => {
  it('gives the agent the server and what the step needs of the arguments', async () => {
    const { instance, args } = await cloud.sent();
    const taken = await steps.take(sql, await cloud.step(instance));
    expect(taken).toMatchObject({
      outcome: 'taken',
      resumed: false,
      old_task_state: 'scheduling',
      instance: {
        host: 'h1',
        node: 'h1',
        launched_on: 'h1',
        task_state: 'spawning',
        compute_node_uuid: args.selection.compute_node_uuid,
      },
      arguments: { image: null, requested_networks: 'none', admin_password: 'pw' },
    });
    expect(taken).not.toHaveProperty('arguments.alternates');
    expect(await events()).toEqual([{ event: 'compute__do_build_and_run_instance', host: 'h1', result: null, details: null }]);
  });

  it('may be repeated by the same agent, with one event', async () => {
    const { instance } = await cloud.sent();
    const step = await cloud.step(instance);
    await steps.take(sql, step);
    expect(await steps.take(sql, step)).toMatchObject({ outcome: 'taken', resumed: true });
    expect(await events()).toHaveLength(1);
  });

  it('of a member of a group with a hard policy waits for the check of the policy', async () => {
    const { instance } = await cloud.sentInGroup(CELL);
    const step = await cloud.step(instance);
    expect(await steps.take(sql, step)).toMatchObject({ outcome: 'stale' });
    expect(await steps.groupToCheck(sql, step)).toMatchObject({ uuid: CELL, policy: 'anti-affinity' });
    expect(await steps.take(sql, step, true)).toMatchObject({ outcome: 'taken' });
    expect(await rows(sql, 'SELECT group_uuid, host FROM group_placements')).toEqual([{ group_uuid: CELL, host: 'h1' }]);
    expect(await steps.groupToCheck(sql, step)).toBeUndefined();
    expect(await steps.take(sql, step)).toMatchObject({ outcome: 'taken', resumed: true });
  });

  it('is for the host alone that was told', async () => {
    const { instance } = await cloud.sent();
    const step = await cloud.step(instance);
    const results = await Promise.all(['h3', 'h2', 'h1', 'h2'].map((host) => steps.take(sql, { ...step, host })));
    expect(results.map((result) => result.outcome)).toEqual(['stale', 'stale', 'taken', 'stale']);
  });

  it.each([
    ['before it is sent', async () => cloud.step((await cloud.prepared()).instance)],
    [
      'of an older attempt',
      async () => {
        const { instance, args } = await cloud.sent();
        const step = await cloud.step(instance);
        await builds.redirect(sql, step.operation_uuid, 1, { ...args, selection: aSelection('h1', CELL) });
        return step;
      },
    ],
    ['of another operation', async () => cloud.step((await cloud.sent()).instance, { operation_uuid: CELL })],
    ['of another step', async () => cloud.step((await cloud.sent()).instance, { step: 'stop_instance' })],
    ['of a server that is gone', async () => cloud.step((await cloud.sent()).instance, { instance_uuid: CELL })],
  ])('is refused %s', async (_when, arrange) => {
    expect(await steps.take(sql, await arrange())).toMatchObject({ outcome: 'stale' });
  });
});

describe('the end of a step', () => {
  it('brings the server to the end of its operation and closes event and action', async () => {
    const { instance } = await cloud.sent();
    const step = await cloud.step(instance);
    await steps.take(sql, step);
    const done = await steps.finish(sql, { ...step, updates: { power_state: 1, root_device_name: '/dev/vda' } });
    expect(done).toMatchObject({
      outcome: 'finished',
      fault: null,
      old_vm_state: 'building',
      old_task_state: 'spawning',
      instance: {
        vm_state: 'active',
        task_state: null,
        power_state: 1,
        root_device_name: '/dev/vda',
        launched_at: expect.any(String),
      },
    });
    expect(await cloud.row(instance)).toBeUndefined();
    expect(await actions()).toEqual([{ action: 'create', message: null, ended: true }]);
    expect(await events()).toMatchObject([{ result: 'Success' }]);
  });

  it('answers whoever asks again as the first time, until its end is notified', async () => {
    const { instance } = await cloud.sent();
    const step = await cloud.step(instance);
    await steps.take(sql, step);
    const finish = () => steps.finish(sql, { ...step, updates: { power_state: 1 } });
    const first = await finish();
    expect(await finish()).toEqual(first);
    expect(await steps.take(sql, step)).toEqual(first);
    expect(await steps.ofHost(sql, 'h1')).toMatchObject([{ ...without(step, 'host'), ctx: { requestId: ctx.requestId } }]);
    await steps.beat(sql, ['h2'], [], [step]);
    expect(await steps.ofHost(sql, 'h1')).toHaveLength(1);
    await steps.beat(sql, ['h1'], [], [step]);
    expect(await steps.ofHost(sql, 'h1')).toEqual([]);
    expect(await finish()).toMatchObject({ outcome: 'stale' });
  });

  it('changes facts alone that agents may report', async () => {
    const { instance } = await cloud.sent();
    const step = await cloud.step(instance);
    await steps.take(sql, step);
    const forged = steps.finish(sql, { ...step, updates: { display_name: 'mine' } as never });
    await expect(forged).rejects.toMatchObject({ code: 'cell.instance.field_not_updatable' });
    await expect(steps.finish(sql, { ...step, updates: { host: 'h2' } as never })).rejects.toMatchObject({
      kind: 'invalid-input',
    });
  });

  it('is nobody’s without having been taken', async () => {
    const { instance } = await cloud.sent();
    expect(await steps.finish(sql, { ...(await cloud.step(instance)), updates: {} })).toMatchObject({ outcome: 'stale' });
  });

  it('archives a deleted server, which can still be asked for', async () => {
    const server = await cloud.active();
    await operations.accept(sql, ctx, 'delete', server, {});
    const step = await cloud.step(server);
    await steps.take(sql, step);
    const done = await steps.finish(sql, { ...step, updates: { power_state: 4 } });
    expect(done).toMatchObject({
      outcome: 'finished',
      old_task_state: 'deleting',
      instance: { vm_state: 'deleted', power_state: 0 },
    });
    expect(await instances.find(sql, server.uuid)).toBeUndefined();
    expect(await steps.finish(sql, { ...step, updates: {} })).toEqual(done);
    expect((await actions()).at(-1)).toEqual({ action: 'delete', message: null, ended: true });
    expect(await rows(sql, 'SELECT 1 FROM operations')).toEqual([]);
    expect((await cloud.outbox()).filter(({ method }) => method === 'settle_departures')).toMatchObject([
      { topic: 'conductor', host: null, args: { instance_uuids: [server.uuid] } },
    ]);
  });
});

describe('a step that failed', () => {
  it('leaves the server as it was where the table says so', async () => {
    const server = await cloud.active();
    await operations.accept(sql, ctx, 'stop', server, { clean_shutdown: true });
    const step = await cloud.step(server);
    await steps.take(sql, step);
    const done = await steps.finish(sql, { ...step, updates: {}, fault: aFault });
    expect(done).toMatchObject({
      outcome: 'finished',
      fault: aFault,
      instance: { vm_state: 'active', task_state: null, fault: aFault },
    });
    expect((await actions()).at(-1)).toEqual({ action: 'stop', message: 'Error', ended: true });
    expect((await events()).at(-1)).toMatchObject({ result: 'Error', details: 'no' });
  });

  it.each([
    ['active', PowerState.RUNNING],
    ['error', PowerState.SHUTDOWN],
  ] as const)('leaves a server %s after a reboot whose guest was found in power state %i', async (vm_state, power_state) => {
    const server = await cloud.active();
    await operations.accept(sql, ctx, 'rebootSoft', server, {});
    const step = await cloud.step(server);
    await steps.take(sql, step);
    const done = await steps.finish(sql, { ...step, updates: { power_state }, fault: aFault });
    expect(done).toMatchObject({ instance: { vm_state, task_state: null, power_state, fault: aFault } });
  });

  it('ends in ERROR where the table says so, and the next delete is accepted', async () => {
    const server = await cloud.active();
    await operations.accept(sql, ctx, 'delete', server, {});
    const step = await cloud.step(server);
    await steps.take(sql, step);
    const done = await steps.finish(sql, { ...step, updates: {}, fault: aFault });
    if (done.outcome !== 'finished') throw new Error(done.outcome);
    expect(done.instance).toMatchObject({ vm_state: 'error', task_state: null, host: 'h1' });
    expect(await operations.accept(sql, ctx, 'delete', { ...done.instance, host: 'h1' }, {})).toMatchObject({
      outcome: 'accepted',
    });
  });

  it('has the conductor look for another host for a build, which goes on being one', async () => {
    const { instance } = await cloud.sent();
    const step = await cloud.step(instance);
    await steps.take(sql, step);
    const failed = { ...step, updates: {}, fault: aFault };
    const done = await steps.finish(sql, failed);
    expect(done).toMatchObject({ outcome: 'finished', fault: aFault, instance: { vm_state: 'building' } });
    expect(await steps.finish(sql, failed)).toEqual(done);
    expect(await cloud.row(instance)).toMatchObject({ state: 'failed', fault: aFault });
    const messages = await cloud.outbox();
    expect(messages.filter((row) => row.method === 'reschedule_build')).toMatchObject([
      { topic: 'conductor', host: null, args: { operation_uuid: step.operation_uuid, attempt: 1 } },
    ]);
    expect(await actions()).toEqual([{ action: 'create', message: 'Error', ended: false }]);
  });
});

describe('while a step is worked on', () => {
  it('passes task states and progress', async () => {
    const { instance } = await cloud.sent();
    const step = await cloud.step(instance);
    expect(await steps.advance(sql, { ...step, task_state: 'networking' })).toMatchObject({ outcome: 'stale' });
    await steps.take(sql, step);
    expect(await steps.advance(sql, { ...step, task_state: 'networking', progress: 40 })).toMatchObject({
      outcome: 'advanced',
      old_task_state: 'spawning',
      instance: { task_state: 'networking', progress: 40 },
    });
  });

  it('is kept alive by beats, which carry progress', async () => {
    const { instance } = await cloud.sent();
    const step = await cloud.step(instance);
    await steps.take(sql, step);
    await rows(sql, `UPDATE operations SET beat_at = now() - interval '1 hour'`);
    expect(await steps.beat(sql, ['h1'], [{ ...step, progress: 7 }], [])).toEqual([]);
    expect((await cloud.row(instance))?.beat_at?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect((await instances.find(sql, instance.uuid))?.progress).toBe(7);
    expect(await steps.beat(sql, ['h2'], [step], [])).toEqual([step.operation_uuid]);
  });

  it('does not block, or get blocked by, a delete that comes at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      const { instance } = await cloud.sent();
      const step = await cloud.step(instance);
      await steps.take(sql, step);
      const [server] = await instances.findMany(sql, [instance.uuid]);
      const [done] = await Promise.all([
        transaction(sql, (manager) => steps.finish(manager, { ...step, updates: {} })),
        operations.accept(sql, ctx, 'delete', { ...(server ?? instance), host: 'h1' }, {}),
      ]);
      const row = await cloud.row(instance);
      expect(done.outcome === 'finished' ? row : row?.name).toBe(done.outcome === 'finished' ? undefined : 'delete');
    }
  });
});

const without = <T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> => {
  const { [key]: _, ...rest } = value;
  return rest;
};
