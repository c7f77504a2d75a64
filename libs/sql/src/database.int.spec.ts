import { useDatabase } from '@kilonova/testing';
import { expect, test } from 'vitest';
import { createDataSource, ensureInitialized } from './data-source.js';
import { createDatabase, databaseExists, dropDatabase, ensureDatabase, withDatabase } from './database.js';

const given = useDatabase();
const sibling = (name: string): string => withDatabase(given.url, `${new URL(given.url).pathname.slice(1)}_${name}`);

test('a database is made once, however many ask', async () => {
  const url = sibling('race "quoted"');
  await Promise.all(Array.from({ length: 4 }, () => ensureDatabase(url)));
  expect(await databaseExists(url)).toBe(true);
  expect(await createDatabase(url)).toBe(false);
  await dropDatabase(url);
  await dropDatabase(url);
  expect(await databaseExists(url)).toBe(false);
});

test('a database is dropped even while somebody is connected', async () => {
  const url = sibling('busy');
  await createDatabase(url);
  const dataSource = await ensureInitialized(createDataSource({ url, name: 'test' }));
  await dropDatabase(url);
  expect(await databaseExists(url)).toBe(false);
  await dataSource.destroy();
});
