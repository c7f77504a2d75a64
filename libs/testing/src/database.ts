import { createDataSource, type DataSourceSpec, ensureInitialized } from '@kilonova/sql';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll } from 'vitest';
import { ask } from './run/ask.js';

/** A database of this test file's own; usable inside hooks and tests. */
export interface TestDatabase {
  readonly url: string;
  /** A connected data source on it, closed after the file's last test. */
  dataSource(spec?: Partial<DataSourceSpec>): Promise<DataSource>;
}

/**
 * Call at the top of a test file or describe block. Before its tests a fresh database is cloned from a template that was
 * migrated once in this run; without a migrations folder it is empty. It is dropped afterwards.
 */
export function useDatabase(migrationsDir?: string): TestDatabase {
  let url: string | undefined;
  const open: DataSource[] = [];
  beforeAll(async () => {
    url = (await ask({ ask: 'database', migrationsDir })).url;
  });
  afterAll(async () => {
    await Promise.all(open.filter((dataSource) => dataSource.isInitialized).map((dataSource) => dataSource.destroy()));
    if (url !== undefined) await ask({ ask: 'drop-database', url });
  });
  const database: TestDatabase = {
    get url() {
      if (url === undefined) throw new Error('the database is there inside hooks and tests only');
      return url;
    },
    async dataSource(spec = {}) {
      const dataSource = createDataSource({ url: database.url, name: 'kilonova tests', poolSize: 5, ...spec });
      open.push(dataSource);
      return ensureInitialized(dataSource);
    },
  };
  return database;
}
