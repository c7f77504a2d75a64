import { eventually, TcpProxy, useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDataSource, ensureInitialized } from './data-source.js';
import { rows } from './statement.js';

const database = useDatabase();
let proxy: TcpProxy;
let dataSource: DataSource;

beforeAll(async () => {
  proxy = await TcpProxy.inFrontOf(database.url);
});
beforeEach(() => {
  proxy.heal();
  const url = proxy.through(database.url);
  dataSource = createDataSource({ url, name: 'fault test', poolSize: 2, connectTimeoutMs: 500, statementTimeoutMs: 250 });
  return async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
  };
});
afterAll(() => proxy.close());

const one = (): Promise<unknown[]> => rows(dataSource, 'SELECT 1 AS n');
const UNAVAILABLE = { kind: 'dependency', code: 'sql.database.unavailable' };

test('a database that is down when first needed is connected to later', async () => {
  proxy.refuse();
  await expect(ensureInitialized(dataSource)).rejects.toMatchObject(UNAVAILABLE);
  proxy.heal();
  await Promise.all([ensureInitialized(dataSource), ensureInitialized(dataSource)]);
  expect(await one()).toEqual([{ n: 1 }]);
});

test('connections that are cut are replaced', async () => {
  await ensureInitialized(dataSource);
  const during = rows(dataSource, 'SELECT pg_sleep(0.2)');
  await Promise.all([
    expect(during).rejects.toMatchObject(UNAVAILABLE),
    eventually(() => expect(proxy.connections).toBeGreaterThan(0)).then(() => proxy.cut()),
  ]);
  await eventually(async () => expect(await one()).toEqual([{ n: 1 }]));
});

test('a connection that goes silent is given up and does not come back from the pool', async () => {
  await ensureInitialized(dataSource);
  await one();
  proxy.blackhole();
  await expect(one()).rejects.toMatchObject(UNAVAILABLE);
  proxy.heal();
  await eventually(async () => expect(await one()).toEqual([{ n: 1 }]));
});
