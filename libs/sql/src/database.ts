import type pg from 'pg';
import { connectionConfig, HeardClient } from './connection.js';
import { asDependency, SQLSTATE, sqlState } from './errors.js';

/** The same server with another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

/** Runs `use` on a connection of its own, without statement timeout, and closes it. Throws AppError `dependency` when unreachable. */
export async function withClient<T>(url: string, name: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const config = connectionConfig({ applicationName: name, connectTimeoutMs: 10_000, statementTimeoutMs: 0 });
  const client = new HeardClient({ connectionString: url, ...config });
  try {
    await client.connect();
    return await use(client);
  } catch (error) {
    throw asDependency(error);
  } finally {
    await client.end().catch(() => {});
  }
}

const onMaintenance = <T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> =>
  withClient(withDatabase(url, 'postgres'), 'kilonova database admin', use);

/** True when the URL's database is there. */
export const databaseExists = (url: string): Promise<boolean> =>
  onMaintenance(url, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseOf(url)]);
    return found.rowCount === 1;
  });

/**
 * Makes the URL's database, as a copy of `template` if one is given (nobody may be connected to it).
 * Returns false when it was there already, whoever was quicker. Needs the right CREATEDB.
 */
export const createDatabase = (url: string, template = 'template0'): Promise<boolean> =>
  onMaintenance(url, async (client) => {
    const name = client.escapeIdentifier(databaseOf(url));
    try {
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${client.escapeIdentifier(template)}`);
      return true;
    } catch (error) {
      const state = sqlState(error);
      if (state === SQLSTATE.duplicateDatabase || state === SQLSTATE.uniqueViolation) return false;
      throw error;
    }
  });

/** Makes the URL's database when it is missing. A user who may do nothing but connect to it gets by when it exists. */
export async function ensureDatabase(url: string): Promise<void> {
  if (!(await connects(url))) await createDatabase(url);
}

/** False when the server says that there is no such database. */
async function connects(url: string): Promise<boolean> {
  try {
    await withClient(url, 'kilonova database admin', () => Promise.resolve());
    return true;
  } catch (error) {
    if (sqlState((error as { cause?: unknown }).cause ?? error) === SQLSTATE.undefinedDatabase) return false;
    throw error;
  }
}

/** Drops the URL's database, whoever is connected; does nothing when it is gone. */
export const dropDatabase = (url: string): Promise<void> =>
  onMaintenance(url, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(databaseOf(url))} WITH (FORCE)`);
  });
