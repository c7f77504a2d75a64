/** Whatever runs SQL: a TypeORM EntityManager or DataSource, or a pg client. Inside a transaction pass that transaction's. */
export interface SqlExecutor {
  query(sql: string, params?: unknown[]): Promise<unknown>;
}

/** Where the relay finds its outbox; a TypeORM DataSource is one. */
export interface OutboxDataSource extends SqlExecutor {
  transaction<T>(work: (sql: SqlExecutor) => Promise<T>): Promise<T>;
}

/** The rows of an answer: TypeORM gives an array, pg an object with `rows`. */
export function rowsOf<T>(answer: unknown): readonly T[] {
  if (Array.isArray(answer)) return answer as T[];
  return (answer as { rows: T[] }).rows;
}
