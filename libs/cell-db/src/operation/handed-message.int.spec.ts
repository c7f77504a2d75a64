import { unplaced } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';
import type { Acceptance } from './operation.repository.js';

const database = useDatabase(cellMigrations());
let sql: DataSource;
const cloud = new Operations(() => sql);
const { operations, ctx } = cloud;

beforeAll(async () => {
  sql = await database.dataSource();
});
beforeEach(() => cloud.clear());

type Server = Awaited<ReturnType<Operations['active']>>;

it.each<[kind: string, method: string, level: string, accept: (on: Sql, server: Server) => Promise<Acceptance>]>([
  [
    'an agent',
    'stop_instance',
    'cell',
    (on, server) => operations.accept(on, ctx, 'stop', server, { clean_shutdown: true }, 'hand'),
  ],
  [
    'who looks for a host',
    'place_operation',
    'api',
    (on, server) => operations.accept(on, ctx, 'migrate', server, unplaced(), 'hand'),
  ],
])('the message to %s is under a lease, and answered for the caller to hand over', async (_kind, method, level, accept) => {
  const server = await cloud.active();
  await rows(sql, 'DELETE FROM outbox');
  const accepted = await accept(sql, server);
  if (accepted.outcome !== 'accepted') throw new Error(accepted.outcome);
  const [row, ...more] = await rows<{ id: string; args: object }>(
    sql,
    'SELECT id, level, method, args, message_id, available_at > now() AS leased FROM outbox',
  );
  expect(more).toEqual([]);
  expect(row).toMatchObject({ level, method, leased: true });
  expect(accepted.cast).toMatchObject({ id: row?.id, envelope: { method, args: row?.args } });
  expect(accepted.instance.uuid).toBe(server.uuid);
});

it('there is none where nothing was accepted', async () => {
  const server = await cloud.active();
  await rows(sql, 'DELETE FROM outbox');
  const paused = { ...server, vm_state: 'paused' } as const;
  expect(await operations.accept(sql, ctx, 'stop', paused, { clean_shutdown: true }, 'hand')).toEqual({ outcome: 'changed' });
  expect(await cloud.outbox()).toEqual([]);
});
