import { migrationsDirOf } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import { afterAll, beforeAll } from 'vitest';
import { syncCatalog } from '../catalog/index.js';
import { DataSourceDatabase } from '../store/placement-database.js';

/**
 * A placement database with the standard names, for tests of repositories. Call at the top of a file. It runs nothing
 * again, so a deadlock fails the test instead of costing it a second.
 */
export function useStore(poolSize = 16): { readonly db: DataSourceDatabase } {
  const database = useDatabase(migrationsDirOf(import.meta.url));
  let db: DataSourceDatabase | undefined;
  beforeAll(async () => {
    const settings = { url: database.url, poolSize, connectTimeoutSeconds: 20, statementTimeoutSeconds: 30, retries: 0 };
    db = new DataSourceDatabase(settings, () => undefined);
    await syncCatalog(db);
  });
  afterAll(() => db?.close());
  return {
    get db() {
      if (db === undefined) throw new Error('the store is there inside hooks and tests only');
      return db;
    },
  };
}
