import type { Config } from '@kilonova/config';
import { type MigrationReport, migrate, migrationsDirOf } from '@kilonova/sql';
import { syncCatalog } from '../catalog/index.js';
import { placementDatabaseConfig } from '../config.js';
import { first } from '../store/sql.js';
import { usingDatabase } from './using-database.js';

export interface DatabaseSync extends MigrationReport {
  readonly exitCode: 0;
}

/** `placement db sync`: brings the schema to the newest and inserts the standard names that are missing. */
export async function syncDatabase(config: Config): Promise<DatabaseSync> {
  const report = await migrate(config.get(placementDatabaseConfig).url, migrationsDirOf(import.meta.url));
  await usingDatabase(config, syncCatalog);
  return { ...report, exitCode: 0 };
}

/** `placement db version`: the name of the newest migration that was applied; undefined on an empty database. */
export const databaseVersion = (config: Config): Promise<string | undefined> =>
  usingDatabase(config, async (db) => {
    const present = await first<{ there: boolean }>(db, "SELECT to_regclass('schema_migrations') IS NOT NULL AS there", []);
    if (present?.there !== true) return undefined;
    return (await first<{ name: string }>(db, 'SELECT name FROM schema_migrations ORDER BY name DESC LIMIT 1', []))?.name;
  });
