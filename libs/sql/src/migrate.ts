import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, reasonOf } from '@kilonova/util';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { withClient } from './database.js';
import { loadMigrations, type Migration } from './migration-file.js';

/** What `migrate` found and did; names of migrations. */
export interface MigrationReport {
  readonly applied: readonly string[];
  /** Recorded by a newer release than this one: its schema has to stay readable for us, so this is no error. */
  readonly ahead: readonly string[];
}

interface Recorded {
  readonly name: string;
  readonly checksum: string;
}

/** Any fixed number: one migration run at a time per database. */
const ADVISORY_LOCK = 7_114_019;

const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/**
 * Brings a database to the newest schema. Migrations are the files `NNNN-verb-noun.sql` in a package's `migrations/`
 * folder, beside `src/` so that no build step copies them; they only go forward, and one that was released never changes.
 * Each file runs in a transaction of its own, on a connection without statement timeout. An advisory lock makes it
 * safe for any number of processes to call this at their start.
 * Throws AppError: `dependency` (unreachable), `sql.migration.changed`, `sql.migration.out_of_order`, or a file's own error.
 */
export async function migrate(database: DataSource | string, directory: string): Promise<MigrationReport> {
  const migrations = await loadMigrations(directory);
  return withClient(urlOf(database), 'kilonova migrations', async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(CREATE_TABLE);
    const recorded = (await client.query<Recorded>('SELECT name, checksum FROM schema_migrations ORDER BY name')).rows;
    const plan = planMigrations(migrations, recorded);
    for (const migration of plan.pending) await apply(client, migration);
    return { applied: plan.pending.map(({ name }) => name), ahead: plan.ahead };
  });
}

/** Compares files with records. Pure, see `migrate` for what it throws. */
export function planMigrations(
  migrations: readonly Migration[],
  recorded: readonly Recorded[],
): { pending: Migration[]; ahead: string[] } {
  const checksums = new Map(recorded.map(({ name, checksum }) => [name, checksum]));
  const known = new Set(migrations.map(({ name }) => name));
  const newest = recorded.filter(({ name }) => known.has(name)).at(-1)?.name ?? '';
  for (const { name, checksum } of migrations) {
    const then = checksums.get(name);
    if (then !== undefined && then !== checksum) throw broken('changed', `Migration ${name} was changed after it was applied.`);
    if (then === undefined && name < newest)
      throw broken('out_of_order', `Migration ${name} comes before ${newest}, which was applied.`);
  }
  const pending = migrations.filter(({ name }) => !checksums.has(name));
  return { pending, ahead: recorded.map(({ name }) => name).filter((name) => !known.has(name)) };
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.text);
    await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [migration.name, migration.checksum]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    throw broken('failed', `Migration ${migration.name} failed: ${reasonOf(cause)}`, cause);
  }
}

function urlOf(database: DataSource | string): string {
  if (typeof database === 'string') return database;
  const { url } = database.options as { url?: string };
  if (url === undefined) throw new TypeError('the data source has no url');
  return url;
}

/** The `migrations/` folder of the package that a module belongs to: `migrationsDirOf(import.meta.url)` in src and dist alike. */
export function migrationsDirOf(moduleUrl: string): string {
  let folder = dirname(fileURLToPath(moduleUrl));
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new TypeError(`${moduleUrl} lies in no package`);
    folder = dirname(folder);
  }
  return join(folder, 'migrations');
}

const broken = (reason: string, message: string, cause?: unknown): AppError =>
  new AppError({ kind: 'bug', code: `sql.migration.${reason}`, message, cause });
