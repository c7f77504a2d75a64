import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rows } from '@kilonova/sql';
import { connect } from 'amqplib';
import { expect, test } from 'vitest';
import { emptyTables, useBroker, useDatabase } from './index.js';

const folder = await mkdtemp(join(tmpdir(), 'kilonova-migrations-'));
await writeFile(join(folder, '0001-create-things.sql'), 'CREATE TABLE things (id bigint PRIMARY KEY);');

const database = useDatabase(folder);
const sibling = useDatabase(folder);
const empty = useDatabase();
const broker = useBroker();

test('a database has the schema of its migrations', async () => {
  const dataSource = await database.dataSource();
  await dataSource.query('INSERT INTO things VALUES (1), (2)');
  expect(await rows(dataSource, 'SELECT id FROM things ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  await rm(folder, { recursive: true });
});

test('databases share neither rows nor, without migrations, a schema', async () => {
  expect(await rows(await sibling.dataSource(), 'SELECT id FROM things')).toEqual([]);
  expect(await rows(await empty.dataSource(), "SELECT to_regclass('things') AS found")).toEqual([{ found: null }]);
});

test('tables are emptied in any order, whatever hangs on them', async () => {
  const dataSource = await empty.dataSource();
  await dataSource.query('CREATE TABLE owners (id int PRIMARY KEY)');
  await dataSource.query('CREATE TABLE owned (owner int REFERENCES owners (id) ON DELETE RESTRICT)');
  await dataSource.query('CREATE TABLE parts (owner int REFERENCES owners (id) ON DELETE CASCADE)');
  await dataSource.query('INSERT INTO owners VALUES (1)');
  for (const table of ['owned', 'parts']) await dataSource.query(`INSERT INTO ${table} VALUES (1)`);
  await emptyTables(dataSource, ['owners', 'owned']);
  for (const table of ['owners', 'owned', 'parts']) expect(await rows(dataSource, `SELECT FROM ${table}`)).toEqual([]);
});

test('a virtual host takes and gives messages', async () => {
  const connection = await connect(broker.url, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  channel.sendToQueue(queue, Buffer.from('hello'));
  await channel.waitForConfirms();
  expect((await channel.get(queue)) || undefined).toMatchObject({ content: Buffer.from('hello') });
  await connection.close();
});
