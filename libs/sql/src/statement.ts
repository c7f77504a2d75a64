import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { DataSource, type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';
import { asConnectDependency, asDependency } from './errors.js';

/** Where a statement runs: on any connection of a data source, or inside the transaction that a caller passed on. */
export type Sql = DataSource | EntityManager;

/** TypeORM's isolation levels that callers use; the server's default is READ COMMITTED. */
export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

async function onConnection<T>(sql: Sql, use: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const own = sql instanceof DataSource || sql.queryRunner === undefined;
  const runner = sql instanceof DataSource ? sql.createQueryRunner() : (sql.queryRunner ?? sql.connection.createQueryRunner());
  try {
    await connected(runner);
    return await use(runner);
  } catch (error) {
    throw asDependency(error);
  } finally {
    if (own) await runner.release();
  }
}

/** Runs one statement and returns its rows, whatever its verb (TypeORM's `query` answers UPDATE … RETURNING in another shape). */
export const rows = <T>(sql: Sql, text: string, parameters: readonly unknown[] = []): Promise<T[]> =>
  onConnection(sql, async (runner) => (await runner.query(text, [...parameters], true)).records as T[]);

/** Runs one statement and returns how many rows it changed. */
export const execute = (sql: Sql, text: string, parameters: readonly unknown[] = []): Promise<number> =>
  onConnection(sql, async (runner) => (await runner.query(text, [...parameters], true)).affected ?? 0);

async function connected(runner: QueryRunner): Promise<void> {
  try {
    await runner.connect();
  } catch (error) {
    throw asConnectDependency(error);
  }
}

const names = new Map<string, string>();

/** A statement's name on each connection, from its text: two texts never share one. */
const nameOf = (text: string): string => {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha1').update(text).digest('hex');
  names.set(text, name);
  return name;
};

/**
 * Runs one statement that the server parses and plans once per connection: for hot paths. `text` has to be a constant,
 * since every different text stays prepared for as long as the connection lives.
 */
export const prepared = <T extends object>(sql: Sql, text: string, parameters: readonly unknown[] = []): Promise<T[]> =>
  onConnection(sql, async (runner) => {
    const client = (await runner.connect()) as PoolClient;
    try {
      return (await client.query<T>({ name: nameOf(text), text, values: [...parameters] })).rows;
    } catch (error) {
      // The driver's errors of a lost connection have no code: what tells them from others is that a query met them.
      throw new QueryFailedError(text, [...parameters], error as Error);
    }
  });

/** Runs `task` in a transaction, in a savepoint when `sql` already is one. An error rolls back and is thrown on. */
export async function transaction<T>(sql: Sql, task: (manager: EntityManager) => Promise<T>, isolation?: Isolation): Promise<T> {
  const own = sql instanceof DataSource || sql.queryRunner === undefined;
  const runner = own ? (sql instanceof DataSource ? sql : sql.connection).createQueryRunner() : undefined;
  try {
    if (runner !== undefined) await connected(runner);
    const manager = runner?.manager ?? sql;
    return await (isolation === undefined ? manager.transaction(task) : manager.transaction(isolation, task));
  } catch (error) {
    throw asDependency(error);
  } finally {
    await runner?.release();
  }
}
