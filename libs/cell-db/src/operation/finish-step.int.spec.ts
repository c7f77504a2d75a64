import { PowerState } from '@kilonova/compute-objects';
import { rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aFault, Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';

const database = useDatabase(cellMigrations());
let sql: DataSource;
const cloud = new Operations(() => sql);
const { operations, steps, instances, ctx } = cloud;

beforeAll(async () => {
  sql = await database.dataSource({ poolSize: 8 });
});
beforeEach(() => cloud.clear());

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
    expect(await cloud.actions()).toEqual([{ action: 'create', message: null, ended: true }]);
    expect(await cloud.events()).toMatchObject([{ result: 'Success' }]);
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
    expect((await cloud.actions()).at(-1)).toEqual({ action: 'delete', message: null, ended: true });
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
    expect((await cloud.actions()).at(-1)).toEqual({ action: 'stop', message: 'Error', ended: true });
    expect((await cloud.events()).at(-1)).toMatchObject({ result: 'Error', details: 'no' });
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
    expect(await cloud.actions()).toEqual([{ action: 'create', message: 'Error', ended: false }]);
  });
});

const without = <T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> => {
  const { [key]: _, ...rest } = value;
  return rest;
};
