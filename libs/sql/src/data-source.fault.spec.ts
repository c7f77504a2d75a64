import { eventually, TcpProxy, useDatabase } from '@kilonova/testing';
import { pause } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { HeardClient } from './connection.js';
import { createDataSource, ensureInitialized } from './data-source.js';
import { prepared, rows, transaction } from './statement.js';

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

test('a transaction whose connection is cut between two statements', async () => {
  await ensureInitialized(dataSource);
  const cut = transaction(dataSource, async (sql) => {
    await rows(sql, 'SELECT 1');
    proxy.cut();
    await pause(50);
    await rows(sql, 'SELECT 2');
  });
  await expect(cut).rejects.toMatchObject(UNAVAILABLE);
});

test('a prepared statement whose connection is cut', async () => {
  await ensureInitialized(dataSource);
  const during = prepared(dataSource, 'SELECT pg_sleep(0.2)');
  await Promise.all([expect(during).rejects.toMatchObject(UNAVAILABLE), pause(50).then(() => proxy.cut())]);
});

test('a wait for a connection of the pool that takes too long', async () => {
  await ensureInitialized(dataSource);
  const busy = () =>
    transaction(dataSource, async (sql) => {
      for (let n = 0; n < 7; n++) await rows(sql, 'SELECT pg_sleep(0.2)');
    });
  const all = [busy(), busy()];
  await pause(50);
  await expect(one()).rejects.toMatchObject(UNAVAILABLE);
  await expect(transaction(dataSource, one)).rejects.toMatchObject(UNAVAILABLE);
  await Promise.all(all);
});

test('a database that is closed to connections', async () => {
  const maintenance = new URL(database.url);
  const name = maintenance.pathname.slice(1);
  maintenance.pathname = '/postgres';
  const admin = createDataSource({ url: maintenance.href, name: 'admin' });
  await ensureInitialized(dataSource);
  await ensureInitialized(admin);
  try {
    await rows(admin, `ALTER DATABASE "${name}" ALLOW_CONNECTIONS false`);
    await rows(admin, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await pause(50);
    await expect(one()).rejects.toMatchObject(UNAVAILABLE);
    await expect(transaction(dataSource, (sql) => rows(sql, 'SELECT 1'))).rejects.toMatchObject(UNAVAILABLE);
  } finally {
    await rows(admin, `ALTER DATABASE "${name}" ALLOW_CONNECTIONS true`);
    await admin.destroy();
  }
  await eventually(async () => expect(await one()).toEqual([{ n: 1 }]));
});

test('M1: a prepared statement on a connection that is cut', async () => {
  await ensureInitialized(dataSource);
  await prepared(dataSource, 'SELECT 1 AS n');
  const during = prepared(dataSource, 'SELECT pg_sleep(0.2)');
  await Promise.all([
    expect(during).rejects.toMatchObject(UNAVAILABLE),
    eventually(() => expect(proxy.connections).toBeGreaterThan(0)).then(() => proxy.cut()),
  ]);
});

test('M1: a connection that is ended while nobody listens does not end the process', () => {
  expect(new HeardClient().emit('error', new Error('terminating connection'))).toBe(true);
});
