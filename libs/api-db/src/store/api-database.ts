import { createDataSource, ensureInitialized, type PreparedSource, preparedSource, rows, transaction } from '@kilonova/sql';
import type { DataSource, EntityManager } from 'typeorm';
import type { ApiDatabaseValues } from './api-database.section.js';

/**
 * The API database as it is configured.
 * @param name shown by the database as who is connected
 * @param onIdleError hears of connections that were lost while idle
 */
export function openApiDatabase(values: ApiDatabaseValues, name: string, onIdleError?: (error: Error) => void): ApiDatabase {
  const { url, poolSize, connectTimeoutSeconds, statementTimeoutSeconds } = values;
  const connectTimeoutMs = connectTimeoutSeconds * 1000;
  const statementTimeoutMs = statementTimeoutSeconds * 1000;
  return new ApiDatabase(createDataSource({ url, name, poolSize, connectTimeoutMs, statementTimeoutMs, onIdleError }));
}

/** The API database, connected on first use. */
export class ApiDatabase {
  constructor(private readonly source: DataSource) {}

  /** For single statements. @throws AppError `dependency` while the database is away. */
  sql(): Promise<DataSource> {
    return ensureInitialized(this.source);
  }

  /** For an outbox relay, which asks in terms of its own. */
  get outbox(): PreparedSource {
    return preparedSource(this.source);
  }

  async transaction<T>(task: (sql: EntityManager) => Promise<T>): Promise<T> {
    return transaction(await this.sql(), task);
  }

  /** Throws unless the database answers. */
  async ping(): Promise<void> {
    await rows(await this.sql(), 'SELECT 1');
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}
