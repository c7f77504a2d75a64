import { eventually, useDatabase } from '@kilonova/testing';
import type { PoolClient } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ThriftyPool } from './thrifty-pool.js';

const database = useDatabase();
let pool: ThriftyPool;

beforeEach(() => {
  pool = new ThriftyPool({ connectionString: database.url, max: 12, connectionTimeoutMillis: 2_000 });
});
afterEach(async () => {
  if (!pool.ending) await pool.end();
});

const held = (count: number): Promise<PoolClient[]> => Promise.all(Array.from({ length: count }, () => pool.connect()));
const giveBack = (clients: readonly PoolClient[]): void => {
  for (const client of clients) client.release();
};

describe('a pool that would rather wait than grow', () => {
  it('serves a burst of short statements on the few connections that it opens at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => pool.query<{ n: number }>('SELECT $1::int AS n', [n])),
    );
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(pool.totalCount).toBe(8);
  });

  it('lets on in turn who waited, as connections come back', async () => {
    const clients = await held(8);
    const order: number[] = [];
    const waiting = [0, 1, 2].map(async (n) => {
      const client = await pool.connect();
      order.push(n);
      client.release();
    });
    clients[0]?.release();
    await Promise.all(waiting);
    expect(order).toEqual([0, 1, 2]);
    expect(pool.totalCount).toBe(8);
    giveBack(clients.slice(1));
  });

  it('grows by one at a time while none comes back, up to its maximum', async () => {
    const clients = await held(8);
    const seen: number[] = [];
    const more = [0, 1, 2, 3].map(async () => {
      const client = await pool.connect();
      seen.push(pool.totalCount);
      return client;
    });
    clients.push(...(await Promise.all(more)));
    expect(seen).toEqual([9, 10, 11, 12]);
    await expect(pool.connect()).rejects.toThrow('timeout exceeded when trying to connect');
    giveBack(clients);
  });

  it('replaces a connection that was lost while somebody waits for one', async () => {
    const clients = await held(8);
    const waiting = pool.connect();
    clients[0]?.release(new Error('broken'));
    (await waiting).release();
    giveBack(clients.slice(1));
    await eventually(() => expect(pool.idleCount).toBe(pool.totalCount));
  });

  it('refuses those who wait when it ends', async () => {
    const clients = await held(8);
    const waiting = pool.connect();
    const refused = expect(waiting).rejects.toThrow('Cannot use a pool after calling end on the pool');
    const ended = pool.end();
    giveBack(clients);
    await Promise.all([refused, ended]);
  });
});
