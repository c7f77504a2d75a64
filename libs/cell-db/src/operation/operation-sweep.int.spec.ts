import { STEP_NAMES, type StepName, stepRule } from '@kilonova/compute-objects';
import { rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aFault, Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';
import { OperationSweepRepository } from './operation-sweep.repository.js';

const database = useDatabase(cellMigrations());
let sql: DataSource;
const cloud = new Operations(() => sql);
const sweep = new OperationSweepRepository();
const LOST = { lostSeconds: 120, serviceDownSeconds: 60 };
const PATIENCE = Object.fromEntries(STEP_NAMES.map((name) => [name, stepRule(name).patience === 'power' ? 60 : 600])) as Record<
  StepName,
  number
>;

beforeAll(async () => {
  sql = await database.dataSource();
});
beforeEach(() => cloud.clear());

/** Everything in the table happened so much earlier. */
const age = (seconds: number) =>
  rows(
    sql,
    `UPDATE operations SET changed_at = changed_at - make_interval(secs => $1), sent_at = sent_at - make_interval(secs => $1),
            beat_at = beat_at - make_interval(secs => $1)`,
    [seconds],
  );
const emptyOutbox = () => rows(sql, 'DELETE FROM outbox');

describe('a step whose message was lost', () => {
  it('is sent again to a living host, not too often, and not while it waits in the outbox', async () => {
    await cloud.sent();
    await cloud.alive('h1');
    await age(200);
    expect(await sweep.sendAgain(sql, LOST, 10)).toBe(0);
    await emptyOutbox();
    expect(await sweep.sendAgain(sql, LOST, 10)).toBe(1);
    expect(await cloud.outbox()).toMatchObject([{ host: 'h1', method: 'build_and_run_instance', args: { attempt: 1 } }]);
    await emptyOutbox();
    expect(await sweep.sendAgain(sql, LOST, 10)).toBe(0);
    await age(200);
    await rows(sql, `UPDATE services SET last_seen_up = now() - interval '90 seconds'`);
    expect(await sweep.sendAgain(sql, LOST, 10)).toBe(0);
  });

  it('is sent again when its agent took it and forgot it, not while it beats', async () => {
    const { instance } = await cloud.sent();
    await cloud.alive('h1');
    const step = await cloud.step(instance);
    await cloud.steps.take(sql, step);
    await emptyOutbox();
    await age(200);
    await cloud.steps.beat(sql, ['h1'], [step], []);
    expect(await sweep.sendAgain(sql, LOST, 10)).toBe(0);
    await age(200);
    expect(await sweep.sendAgain(sql, LOST, 10)).toBe(1);
  });
});

describe('a build that no host has', () => {
  it('goes to the next host when its own is down', async () => {
    const { instance } = await cloud.sent();
    await cloud.alive('h1');
    await age(100);
    expect(await sweep.untaken(sql, 60, 60, 10)).toEqual([]);
    await rows(sql, `UPDATE services SET last_seen_up = now() - interval '90 seconds'`);
    const [late] = await sweep.untaken(sql, 60, 60, 10);
    if (late === undefined) throw new Error('nothing was found');
    expect(await sweep.end(sql, late, aFault)).toBeUndefined();
    expect(await cloud.row(instance)).toMatchObject({ state: 'failed', fault: aFault });
    expect((await cloud.outbox()).at(-1)).toMatchObject({ topic: 'conductor', method: 'reschedule_build' });
    await emptyOutbox();
    expect(await sweep.rescheduleAgain(sql, 120, 10)).toBe(0);
    await age(200);
    expect(await sweep.rescheduleAgain(sql, 120, 10)).toBe(1);
  });
});

describe('a step without a sign of life', () => {
  it('ends by its table entry: a build on its host in ERROR, a stop as if it had not been asked for', async () => {
    const built = await cloud.sent();
    await cloud.steps.take(sql, await cloud.step(built.instance));
    const stopped = await cloud.active();
    await cloud.operations.accept(sql, cloud.ctx, 'stop', stopped, { clean_shutdown: true });
    await age(100);
    const [stop, ...others] = await sweep.overdue(sql, PATIENCE, 10);
    expect([stop?.step, others]).toEqual(['stop_instance', []]);
    expect(stop && (await sweep.end(sql, stop, aFault))).toMatchObject({
      instance: { vm_state: 'active', task_state: null, fault: aFault },
      old_task_state: 'powering-off',
    });
    await age(600);
    const [build] = await sweep.overdue(sql, PATIENCE, 10);
    expect(build && (await sweep.end(sql, build, aFault))).toMatchObject({ instance: { vm_state: 'error', host: 'h1' } });
    expect(await rows(sql, 'SELECT 1 FROM operations')).toEqual([]);
  });

  it('is left alone when it moved meanwhile', async () => {
    const { instance } = await cloud.sent();
    await cloud.steps.take(sql, await cloud.step(instance));
    await age(700);
    const [build] = await sweep.overdue(sql, PATIENCE, 10);
    await cloud.steps.finish(sql, { ...(await cloud.step(instance)), updates: {} });
    expect(build && (await sweep.end(sql, build, aFault))).toBeUndefined();
  });
});
