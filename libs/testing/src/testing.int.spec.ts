import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rows } from '@kilonova/sql';
import { connect } from 'amqplib';
import { expect, test } from 'vitest';
import { useBroker, useDatabase } from './index.js';

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

test('a virtual host takes and gives messages', async () => {
  const connection = await connect(broker.url, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  channel.sendToQueue(queue, Buffer.from('hello'));
  await channel.waitForConfirms();
  expect((await channel.get(queue)) || undefined).toMatchObject({ content: Buffer.from('hello') });
  await connection.close();
});
