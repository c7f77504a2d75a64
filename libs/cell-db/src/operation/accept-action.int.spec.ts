import { rows, type Sql, transaction } from '@kilonova/sql';
import { eventually, useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';

const database = useDatabase(cellMigrations());
let sql: DataSource;
const cloud = new Operations(() => sql);
const { operations, steps, ctx } = cloud;

beforeAll(async () => {
  sql = await database.dataSource({ poolSize: 8 });
});
beforeEach(() => cloud.clear());

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
    expect((await cloud.actions()).at(-1)).toEqual({ action: 'stop', message: null, ended: false });
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
