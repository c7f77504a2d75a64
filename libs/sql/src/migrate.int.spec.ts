import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useDatabase } from '@kilonova/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from './migrate.js';
import { rows } from './statement.js';

const database = useDatabase();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kilonova-migrate-'));
  await (await database.dataSource()).query('DROP TABLE IF EXISTS schema_migrations, a, b');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, `${name}.sql`), text);

test('any number of processes may migrate at once: each file runs once', async () => {
  await write('0001-create-a', 'CREATE TABLE a (id int); INSERT INTO a VALUES (1);');
  await write('0002-create-b', 'CREATE TABLE b AS SELECT * FROM a;');
  const reports = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url, folder)));
  expect(reports.flatMap(({ applied }) => applied)).toEqual(['0001-create-a', '0002-create-b']);
  expect(await rows(await database.dataSource(), 'SELECT id FROM b')).toEqual([{ id: 1 }]);
});

test('a file that fails leaves nothing of itself, and what came before stays', async () => {
  await write('0001-create-a', 'CREATE TABLE a (id int);');
  await write('0002-create-b', 'CREATE TABLE b (id int); SELECT 1/0;');
  await expect(migrate(database.url, folder)).rejects.toMatchObject({ code: 'sql.migration.failed' });
  const found = await rows(await database.dataSource(), "SELECT to_regclass('a')::text AS a, to_regclass('b')::text AS b");
  expect(found).toEqual([{ a: 'a', b: null }]);

  await write('0002-create-b', 'CREATE TABLE b (id int);');
  expect((await migrate(database.url, folder)).applied).toEqual(['0002-create-b']);
});

test('a data source may be given instead of a URL', async () => {
  await write('0001-create-a', 'CREATE TABLE a (id int);');
  expect((await migrate(await database.dataSource(), folder)).applied).toEqual(['0001-create-a']);
});

test('misnamed files are refused', async () => {
  await write('1-a', 'SELECT 1;');
  await expect(migrate(database.url, folder)).rejects.toMatchObject({ code: 'sql.migration.misnamed' });
});

test('two files with one number are refused', async () => {
  await write('0001-create-a', 'SELECT 1;');
  await write('0001-create-b', 'SELECT 1;');
  await expect(migrate(database.url, folder)).rejects.toMatchObject({ code: 'sql.migration.misnamed' });
});
