import { ensureDatabase, type MigrationReport, migrate, migrationsDirOf } from '@kilonova/sql';

/** The folder of a cell database's migrations. */
export const cellMigrations = (): string => migrationsDirOf(import.meta.url);

/** Makes a cell's database (cell0's too) when it is missing, and brings it to the newest schema. */
export async function syncCellDatabase(url: string): Promise<MigrationReport> {
  await ensureDatabase(url);
  return migrate(url, cellMigrations());
}
