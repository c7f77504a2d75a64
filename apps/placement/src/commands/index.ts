// What an operator runs, most of it against the placement database: functions that return their result and exit code. Printing
// and parsing arguments is the command line's.
export { type AuditFinding, type AuditReport, audit } from './audit.js';
export { type DatabaseSync, databaseVersion, syncDatabase } from './database-sync.js';
export { describeApi } from './describe-api.js';
export { type DataMigrationReport, onlineDataMigrations } from './online-data-migrations.js';
export { type UpgradeCheck, type UpgradeReport, upgradeCheck } from './upgrade-check.js';
