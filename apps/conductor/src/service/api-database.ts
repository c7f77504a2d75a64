import { ensureInitialized, transaction } from '@kilonova/sql';
import type { DataSource, EntityManager } from 'typeorm';

/** The API database, connected when it is first needed. */
export class ApiDatabase {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws AppError `dependency` when it does not answer. */
  open(): Promise<DataSource> {
    return ensureInitialized(this.dataSource);
  }

  async transaction<T>(task: (manager: EntityManager) => Promise<T>): Promise<T> {
    return transaction(await this.open(), task);
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
