import { aSelection } from '@kilonova/compute-samples';
import { rows, transaction } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CELL, Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';

const database = useDatabase(cellMigrations());
let sql: DataSource;
const cloud = new Operations(() => sql);
const { builds, operations, steps, instances, ctx } = cloud;

beforeAll(async () => {
  sql = await database.dataSource({ poolSize: 8 });
});
beforeEach(() => cloud.clear());

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
    expect(await cloud.events()).toEqual([
      { event: 'compute__do_build_and_run_instance', host: 'h1', result: null, details: null },
    ]);
  });

  it('may be repeated by the same agent, with one event', async () => {
    const { instance } = await cloud.sent();
    const step = await cloud.step(instance);
    await steps.take(sql, step);
    expect(await steps.take(sql, step)).toMatchObject({ outcome: 'taken', resumed: true });
    expect(await cloud.events()).toHaveLength(1);
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
