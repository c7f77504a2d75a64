import { randomUUID } from 'node:crypto';
import { rows } from '@kilonova/sql';
import { emptyTables, eventually, useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { apiMigrations } from '../store/api-migrations.js';
import { SchedulingRecordRepository } from './scheduling-record.repository.js';

const database = useDatabase(apiMigrations());
const records = new SchedulingRecordRepository();
const verdict = { host: 'h1', provider_uuid: null, stage: 'filter', rule: 'ComputeFilter', reason: 'down' } as const;
const trace = { questions: [{ query: 'resources=VCPU:1', offered: 2, is_cut: false }], refused: [], best: [], placed: [] };
const placed = (instances: readonly string[], requestId = `req-${randomUUID()}`) => ({
  requestId,
  instances,
  outcome: 'selected' as const,
  reason: '',
  verdicts: [verdict],
  trace,
});
let sql: DataSource;

beforeAll(async () => {
  sql = await database.dataSource();
});
beforeEach(() => emptyTables(sql, ['scheduling_records', 'scheduling_traces']));

const count = async (table: string) => (await rows(sql, `SELECT 1 FROM ${table}`)).length;

it('keeps a trace once for all instances of a request, and a repeat adds nothing', async () => {
  const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
  const [both, other] = [placed([a, b]), placed([c])];
  await records.add(sql, [both, other, both]);
  await records.add(sql, [both]);
  expect([await count('scheduling_records'), await count('scheduling_traces')]).toEqual([3, 2]);
  expect(await records.list(sql, b)).toMatchObject([
    { request_id: both.requestId, outcome: 'selected', verdicts: [verdict], trace: { questions: [{ offered: 2 }] } },
  ]);
  expect((await records.listOfRequest(sql, both.requestId, 10)).map((one) => one.instance_uuid).sort()).toEqual([a, b].sort());
});

it('keeps once what two write down at the same time', async () => {
  const [a, b] = [randomUUID(), randomUUID()];
  const [one, other] = [placed([a, b]), placed([b, a])];
  const twin = { ...other, requestId: one.requestId };
  let second: Promise<void> | undefined;
  await sql.transaction(async (first) => {
    await records.add(first, [one]);
    second = records.add(sql, [twin]);
    await eventually(async () =>
      expect(await rows(sql, `SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'`)).not.toEqual([]),
    );
  });
  await second;
  expect([await count('scheduling_records'), await count('scheduling_traces')]).toEqual([2, 1]);
});

it('shows what the release before kept', async () => {
  const uuid = randomUUID();
  await rows(
    sql,
    `INSERT INTO scheduling_records (request_id, instance_uuid, outcome, reason, verdicts) VALUES ('req-1', $1, 'no-valid-host', 'none', $2)`,
    [uuid, JSON.stringify([verdict])],
  );
  expect(await records.list(sql, uuid)).toMatchObject([{ outcome: 'no-valid-host', verdicts: [verdict], trace: null }]);
});

it('forgets what was placed sooner than failures', async () => {
  const failed = { ...placed([randomUUID()]), outcome: 'no-valid-host' as const };
  await records.add(sql, [placed([randomUUID()]), failed]);
  const age = (days: number) =>
    rows(
      sql,
      `WITH r AS (UPDATE scheduling_records SET created_at = now() - make_interval(days => $1))
       UPDATE scheduling_traces SET created_at = now() - make_interval(days => $1)`,
      [days],
    );
  await age(5);
  expect(await records.purge(sql, 30, 3, 100)).toBe(2);
  expect(await records.list(sql, failed.instances[0] as string)).toMatchObject([{ trace: expect.anything() }]);
  await age(31);
  expect(await records.purge(sql, 30, 3, 100)).toBe(2);
  expect([await count('scheduling_records'), await count('scheduling_traces')]).toEqual([0, 0]);
});
