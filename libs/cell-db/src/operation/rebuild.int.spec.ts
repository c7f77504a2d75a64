import { rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';
import { RebuildRepository } from './rebuild.repository.js';

const database = useDatabase(cellMigrations());
let sql: DataSource;
const cloud = new Operations(() => sql);
const rebuilds = new RebuildRepository();

beforeAll(async () => {
  sql = await database.dataSource({ poolSize: 2 });
});
beforeEach(() => cloud.clear());

it('S2-5: a server becomes what its rebuild asked for: the facts of its old image go, all others stay', async () => {
  const server = await cloud.active();
  await rows(sql, `UPDATE instances SET system_metadata = '{"image_a": "1", "image_b": "2", "owner_user_name": "ann"}'`);
  const changes = {
    display_name: 'anew',
    metadata: { a: 'b' },
    key_name: null,
    keypairs: [],
    image_ref: '11111111-1111-4111-8111-111111111111',
    system_metadata: { image_a: '3' },
  };
  for (const _ of [1, 2])
    expect(await rebuilds.become(sql, server.uuid, changes)).toMatchObject({ ...changes, user_id: server.user_id });
  const [row] = await rows<{ system_metadata: unknown; hostname: string }>(sql, 'SELECT * FROM instances');
  expect(row).toMatchObject({ system_metadata: { image_a: '3', owner_user_name: 'ann' }, hostname: server.hostname });
});

it('S2-5: a rebuild changes nothing but what a rebuild may change', async () => {
  const server = await cloud.active();
  await expect(rebuilds.become(sql, server.uuid, { host: 'h9' } as never)).rejects.toMatchObject({
    code: 'cell.instance.field_not_updatable',
  });
});
