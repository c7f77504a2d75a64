import { loadMigrations } from './migration-file.js';
import { rows, type Sql } from './statement.js';

/** The newest migration that was applied; undefined on an empty database. */
export async function schemaVersion(sql: Sql): Promise<string | undefined> {
  const [present] = await rows<{ there: boolean }>(sql, "SELECT to_regclass('schema_migrations') IS NOT NULL AS there");
  if (present?.there !== true) return undefined;
  const [newest] = await rows<{ name: string }>(sql, 'SELECT name FROM schema_migrations ORDER BY name DESC LIMIT 1');
  return newest?.name;
}

/** The migration that a database of this release has; a newer one is fine. @param folder with the files */
export const newestMigration = async (folder: string): Promise<string | undefined> => (await loadMigrations(folder)).at(-1)?.name;

/** Whether a database lacks what this release needs of it. */
export const isBehind = (version: string | undefined, newest: string | undefined): boolean =>
  newest !== undefined && (version === undefined || version < newest);
