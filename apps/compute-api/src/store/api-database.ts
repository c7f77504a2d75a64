import { ensureInitialized, rows, type Sql, transaction } from '@kilonova/sql';
import type { DataSource, EntityManager } from 'typeorm';

/** The API database, connected on first use. */
export class ApiDatabase {
  constructor(readonly source: DataSource) {}

  /** For single statements. @throws AppError `dependency` while the database is away. */
  sql(): Promise<Sql> {
    return ensureInitialized(this.source);
  }

  async transaction<T>(task: (sql: EntityManager) => Promise<T>): Promise<T> {
    return transaction(await ensureInitialized(this.source), task);
  }

  /** Throws unless the database answers. */
  async ping(): Promise<void> {
    await rows(await this.sql(), 'SELECT 1');
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}
