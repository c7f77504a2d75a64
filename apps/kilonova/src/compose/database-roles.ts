import { createDataSource, ensureDatabase, ensureInitialized, type Sql, withDatabase } from '@kilonova/sql';
import type { CloudLayout } from '../up/cloud-layout.js';
import { databaseUrl, databaseUrls, type Secrets, SUPERUSER } from './compose-layout.js';

/**
 * Makes the role of every database, with the password of its URL, and gives it that database and no other. What is there
 * already stays, with its password set again.
 */
export async function ensureDatabaseRoles(layout: CloudLayout, secret: Secrets): Promise<void> {
  const superuser = databaseUrl(SUPERUSER, secret, 'postgres');
  for (const url of databaseUrls(layout)) await ensureDatabase(withDatabase(superuser, databaseOf(url)));
  const source = createDataSource({ url: superuser, name: 'kilonova compose', poolSize: 1 });
  const sql = await ensureInitialized(source);
  try {
    for (const url of databaseUrls(layout)) await giveDatabase(sql, new URL(url));
  } finally {
    await source.destroy();
  }
}

const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

async function giveDatabase(sql: Sql, url: URL): Promise<void> {
  const { username: role, password, href } = url;
  const present = await sql.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = present.length === 0 ? 'CREATE' : 'ALTER';
  await execute(sql, `${verb} ROLE %I LOGIN PASSWORD %L`, [role, decodeURIComponent(password)]);
  await execute(sql, 'ALTER DATABASE %I OWNER TO %I', [databaseOf(href), role]);
  await execute(sql, 'REVOKE ALL ON DATABASE %I FROM PUBLIC', [databaseOf(href)]);
}

/** Statements about roles take no parameters: the server itself quotes names (`%I`) and literals (`%L`) into the text. */
async function execute(sql: Sql, template: string, values: readonly string[]): Promise<void> {
  const [row] = (await sql.query('SELECT format($1, VARIADIC $2::text[]) AS statement', [template, values])) as [
    { statement: string },
  ];
  await sql.query(row.statement);
}
