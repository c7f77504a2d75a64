// PostgreSQL for every service that has a database: data sources that connect when first used, one statement or a
// transaction at a time, forward-only SQL migrations (see migrate.ts for the layout), databases made and dropped,
// and driver errors told apart by SQLSTATE. Entities and statements live with their owners, not here.
export { LOCK_NAMED, lockNamed, SHARE_NAMED, tryLockNamed } from './advisory-lock.js';
export { createDataSource, type DataSourceSpec, ensureInitialized } from './data-source.js';
export { createDatabase, databaseExists, dropDatabase, ensureDatabase, withDatabase } from './database.js';
export {
  asDependency,
  isConnectionFailure,
  isForeignKeyViolation,
  isTransient,
  isUniqueViolation,
  retryTransient,
  SQLSTATE,
  sqlState,
} from './errors.js';
export { type MigrationReport, migrate, migrationsDirOf } from './migrate.js';
export { loadMigrations, type Migration, migrationsChecksum } from './migration-file.js';
export { type PreparedExecutor, type PreparedSource, preparedExecutor, preparedSource } from './prepared-source.js';
export { isBehind, newestMigration, schemaVersion } from './schema-version.js';
export { execute, prepared, rows, type Sql, transaction } from './statement.js';
export { withinTime } from './time-limit.js';
export { bigintColumn } from './types.js';
export { judgePattern, type PatternVerdict } from './user-pattern.js';
