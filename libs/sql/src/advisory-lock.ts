import { rows, type Sql } from './statement.js';

/** Statements with the name as their parameter, for callers with an executor of their own; who shares a lock keeps out who locks. */
export const LOCK_NAMED = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';
export const SHARE_NAMED = 'SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))';

/**
 * Takes the advisory lock of a name (`job:sweep`, `group:<uuid>`), waiting for whoever has it. It is held until the
 * transaction ends; names with one hash share it, which costs a wait and nothing else.
 */
export async function lockNamed(sql: Sql, name: string): Promise<void> {
  await rows(sql, LOCK_NAMED, [name]);
}

/** The same without waiting. False: another transaction has it. */
export async function tryLockNamed(sql: Sql, name: string): Promise<boolean> {
  const [lock] = await rows<{ taken: boolean }>(sql, 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken', [
    name,
  ]);
  return lock?.taken === true;
}
