import { ensureDatabase, type MigrationReport, migrate, migrationsDirOf } from '@kilonova/sql';

/** The folder of the API database's migrations. */
export const apiMigrations = (): string => migrationsDirOf(import.meta.url);

/** Makes the API database when it is missing, and brings it to the newest schema. */
export async function syncApiDatabase(url: string): Promise<MigrationReport> {
  await ensureDatabase(url);
  return migrate(url, apiMigrations());
}
