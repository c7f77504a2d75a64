import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres, type LocalPostgres, startPostgres } from '@kilonova/local-servers';
import { createDataSource, ensureDatabase, ensureInitialized } from '@kilonova/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseAccess, ensureDatabaseRoles } from './database-roles.js';

const installation = await findPostgres();
const PLAN = {
  owner: 'k_owner',
  databases: databaseAccess('k', ['cell1', 'cell2']),
  passwordOf: (role: string) => `secret of ${role}`,
};

describe.skipIf(installation === undefined)('L15: the roles of a cloud (needs PostgreSQL installed or in node_modules)', () => {
  let baseDir: string;
  let server: LocalPostgres;

  const urlOf = (role: string, database: string): string => {
    const url = new URL(server.databaseUrl(database));
    url.username = role;
    url.password = PLAN.passwordOf(role);
    return url.href;
  };

  async function run(url: string, ...statements: readonly string[]): Promise<unknown> {
    const source = createDataSource({ url, name: 'test', poolSize: 1 });
    try {
      const sql = await ensureInitialized(source);
      let result: unknown;
      for (const statement of statements) result = await sql.query(statement);
      return result;
    } finally {
      if (source.isInitialized) await source.destroy();
    }
  }
  const as = (role: string, database: string, ...statements: readonly string[]) => run(urlOf(role, database), ...statements);

  beforeAll(async () => {
    baseDir = mkdtempSync(join(tmpdir(), 'roles-'));
    server = await startPostgres({ baseDir, durable: false });
    // As an earlier release left it: the role of the service owns its database and tables.
    await run(server.url, "CREATE ROLE k_api LOGIN PASSWORD 'old'", 'CREATE DATABASE k_api OWNER k_api');
    await run(server.databaseUrl('k_api'), 'CREATE TABLE old (id int)', 'ALTER TABLE old OWNER TO k_api');
    await ensureDatabaseRoles(PLAN, server.url);
    await ensureDatabaseRoles(PLAN, server.url);
    for (const { database } of PLAN.databases)
      await as('k_owner', database, 'CREATE TABLE thing (id serial, name text)', "INSERT INTO thing (name) VALUES ('a')");
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(baseDir, { recursive: true, force: true });
  });

  it('L15: change rows of their own database and no schema, also of tables from before', async () => {
    await as(
      'k_api',
      'k_api',
      "INSERT INTO thing (name) VALUES ('b')",
      "UPDATE thing SET name = 'c'",
      'DELETE FROM thing WHERE id = 2',
    );
    await as('k_api', 'k_api', 'INSERT INTO old VALUES (1)');
    await as('k_api', 'k_cell2', "INSERT INTO thing (name) VALUES ('b')");
    await as('k_cell2', 'k_cell2', "INSERT INTO thing (name) VALUES ('b')");
    for (const ddl of [
      'DROP TABLE old',
      'ALTER TABLE thing ADD x int',
      'CREATE TABLE mine (id int)',
      'CREATE TEMP TABLE t (id int)',
      'TRUNCATE thing',
      'DROP DATABASE k_cell1',
    ])
      await expect(as('k_api', 'k_api', ddl), ddl).rejects.toThrow(/permission denied|must be owner/);
  });

  it('L15: read where they only have to read', async () => {
    for (const database of ['k_api', 'k_cell0', 'k_cell1']) {
      expect(await as('k_scheduler', database, 'SELECT name FROM thing')).not.toHaveLength(0);
      await expect(as('k_scheduler', database, "INSERT INTO thing (name) VALUES ('x')")).rejects.toThrow('permission denied');
    }
  });

  it.each([
    ['k_cell1', 'k_cell2'],
    ['k_cell1', 'k_api'],
    ['k_placement', 'k_api'],
    ['k_scheduler', 'k_placement'],
    ['k_api', 'postgres'],
    ['k_api', 'template1'],
    ['k_scheduler', 'postgres'],
  ])('L15: %s may not connect to %s', async (role, database) => {
    await expect(as(role, database, 'SELECT 1')).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  it('L15: a role that may connect to its own database alone finds that it is there', async () => {
    await expect(ensureDatabase(urlOf('k_owner', 'k_api'))).resolves.toBeUndefined();
  });
});
