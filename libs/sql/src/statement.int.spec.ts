import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isUniqueViolation, retryTransient } from './errors.js';
import { execute, prepared, rows, transaction } from './statement.js';

const database = useDatabase();
let db: DataSource;

beforeAll(async () => {
  db = await database.dataSource({ statementTimeoutMs: 2_000 });
  await db.query('CREATE TABLE things (id bigint PRIMARY KEY, size bigint NOT NULL)');
});
beforeEach(() => db.query('TRUNCATE things'));

const INSERT = 'INSERT INTO things VALUES ($1, $2)';
const SIZES = 'SELECT size FROM things ORDER BY id';

describe('one statement', () => {
  test('rows come back alike for every verb', async () => {
    const inserted = await rows(db, `${INSERT} RETURNING id, size`, [1, 10]);
    const updated = await rows(db, 'UPDATE things SET size = size + 1 RETURNING id, size');
    expect([inserted, updated, await rows(db, SIZES)]).toEqual([[{ id: 1, size: 10 }], [{ id: 1, size: 11 }], [{ size: 11 }]]);
  });

  test('the number of changed rows is told', async () => {
    expect(await execute(db, `${INSERT}, (2, 20)`, [1, 10])).toBe(2);
    expect(await execute(db, 'UPDATE things SET size = 0 WHERE size > 15')).toBe(1);
    expect(await execute(db, 'DELETE FROM things WHERE id = 77')).toBe(0);
  });

  test('prepared statements run outside and inside a transaction', async () => {
    await transaction(db, async (manager) => {
      await prepared(manager, INSERT, [1, 10]);
      expect(await prepared(manager, SIZES)).toEqual([{ size: 10 }]);
      expect(await prepared(db, SIZES)).toEqual([]);
    });
    expect(await prepared(db, SIZES)).toEqual([{ size: 10 }]);
  });

  test('a bigint past 2^53 fails the query instead of losing digits', async () => {
    expect(await rows(db, 'SELECT 9007199254740991::bigint AS n')).toEqual([{ n: Number.MAX_SAFE_INTEGER }]);
    await expect(rows(db, 'SELECT 9007199254740993::bigint AS n')).rejects.toThrow(/does not fit/);
    expect(await rows(db, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('a statement that takes too long is a dependency that did not answer', async () => {
    const slow = await database.dataSource({ statementTimeoutMs: 50 });
    await expect(rows(slow, 'SELECT pg_sleep(5)')).rejects.toMatchObject({ code: 'sql.database.timeout' });
  });
});

describe('a transaction', () => {
  test('leaves nothing after an error, which is thrown on', async () => {
    const failing = transaction(db, async (manager) => {
      await execute(manager, INSERT, [1, 10]);
      await execute(manager, INSERT, [1, 20]);
    });
    await expect(failing).rejects.toSatisfy((error) => isUniqueViolation(error, 'things_pkey'));
    expect(await rows(db, SIZES)).toEqual([]);
  });

  test('inside another is a savepoint', async () => {
    await transaction(db, async (outer) => {
      await execute(outer, INSERT, [1, 10]);
      await transaction(outer, async (inner) => {
        await execute(inner, INSERT, [2, 20]);
        throw new Error('inner');
      }).catch(() => {});
    });
    expect(await rows(db, SIZES)).toEqual([{ size: 10 }]);
  });

  test('runs again after a deadlock, until both are through', async () => {
    await execute(db, `${INSERT}, (2, 0)`, [1, 0]);
    const addBoth = (first: number, second: number): Promise<void> =>
      retryTransient(() =>
        transaction(db, async (manager) => {
          await execute(manager, 'UPDATE things SET size = size + 1 WHERE id = $1', [first]);
          await rows(manager, 'SELECT pg_sleep(0.05)');
          await execute(manager, 'UPDATE things SET size = size + 1 WHERE id = $1', [second]);
        }),
      );
    await Promise.all([addBoth(1, 2), addBoth(2, 1)]);
    expect(await rows(db, SIZES)).toEqual([{ size: 2 }, { size: 2 }]);
  });

  test('serializable ones that collide are told and run again', async () => {
    await execute(db, INSERT, [1, 0]);
    const increment = (): Promise<void> =>
      retryTransient(() =>
        transaction(
          db,
          async (manager) => {
            const [thing] = await rows<{ size: number }>(manager, SIZES);
            await execute(manager, 'UPDATE things SET size = $1', [thing!.size + 1]);
          },
          'SERIALIZABLE',
        ),
      );
    await Promise.all([increment(), increment(), increment()]);
    expect(await rows(db, SIZES)).toEqual([{ size: 3 }]);
  });

  test('that has too many parameters is a bug, not an outage', async () => {
    const failed = rows(await database.dataSource(), 'SELECT $1::int AS one', [1, 2]);
    await expect(failed).rejects.toMatchObject({ code: '08P01' });
  });
});
