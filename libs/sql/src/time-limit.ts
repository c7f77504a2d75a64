import type { DataSource, EntityManager } from 'typeorm';
import { execute, transaction } from './statement.js';

/**
 * Runs a task in a transaction whose statements end after `ms` each, instead of after the connection's own limit.
 * @throws AppError `sql.database.timeout` when one did.
 */
export const withinTime = <T>(sql: DataSource, ms: number, task: (manager: EntityManager) => Promise<T>): Promise<T> =>
  transaction(sql, async (manager) => {
    await execute(manager, `SELECT set_config('statement_timeout', $1, true)`, [String(Math.max(1, Math.round(ms)))]);
    return task(manager);
  });
