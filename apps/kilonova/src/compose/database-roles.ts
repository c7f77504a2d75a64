import { createDataSource, ensureDatabase, ensureInitialized, type Sql, withDatabase } from '@kilonova/sql';

/** A database and the roles that work with it at run time; none of them may change its schema. */
export interface DatabaseAccess {
  readonly database: string;
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

export interface DatabasePlan {
  /** Owns every database and what is in it; for migrations. */
  readonly owner: string;
  readonly databases: readonly DatabaseAccess[];
  readonly passwordOf: (role: string) => string;
}

/** Who works with which database of a cloud of so many cells. */
export function databaseAccess(prefix: string, cells: readonly string[]): readonly DatabaseAccess[] {
  const named = (name: string): string => `${prefix}_${name}`;
  const readers = [named('scheduler')];
  return [
    { database: named('placement'), writers: [named('placement')], readers: [] },
    { database: named('api'), writers: [named('api')], readers },
    { database: named('cell0'), writers: [named('api')], readers },
    ...cells.map((cell) => ({ database: named(cell), writers: [named(cell), named('api')], readers })),
  ];
}

/**
 * Makes databases and roles, and gives each role its rights and no others. Safe to repeat; what an earlier release gave to the
 * roles of services (ownership) goes to the owner.
 * @param superuser URL of the maintenance database for the superuser.
 */
export async function ensureDatabaseRoles(plan: DatabasePlan, superuser: string): Promise<void> {
  const roles = new Set([plan.owner, ...plan.databases.flatMap(({ writers, readers }) => [...writers, ...readers])]);
  await asSuperuser(superuser, async (sql) => {
    for (const role of roles) await ensureRole(sql, role, plan.passwordOf(role));
    // Whoever may connect may make temporary tables, and look at the names of all databases and roles.
    for (const name of ['postgres', 'template1']) await execute(sql, 'REVOKE ALL ON DATABASE %I FROM PUBLIC', [name]);
  });
  for (const access of plan.databases) {
    const url = withDatabase(superuser, access.database);
    await ensureDatabase(url);
    await asSuperuser(url, (sql) => giveAccess(sql, plan.owner, access));
  }
}

async function asSuperuser(url: string, work: (sql: Sql) => Promise<void>): Promise<void> {
  const source = createDataSource({ url, name: 'kilonova compose', poolSize: 1 });
  try {
    await work(await ensureInitialized(source));
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

async function ensureRole(sql: Sql, role: string, password: string): Promise<void> {
  const present = await sql.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  await execute(sql, `${present.length === 0 ? 'CREATE' : 'ALTER'} ROLE %I LOGIN PASSWORD %L`, [role, password]);
}

async function giveAccess(sql: Sql, owner: string, { database, writers, readers }: DatabaseAccess): Promise<void> {
  await takeOwnership(sql, owner, database);
  await execute(sql, 'REVOKE ALL ON DATABASE %I FROM PUBLIC', [database]);
  await execute(sql, 'REVOKE ALL ON SCHEMA public FROM PUBLIC', []);
  for (const role of writers) await grant(sql, owner, database, role, 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, UPDATE, USAGE');
  for (const role of readers) await grant(sql, owner, database, role, 'SELECT', 'SELECT');
}

/** The superuser's own things cannot be reassigned; a database that it has just made holds none. */
async function takeOwnership(sql: Sql, owner: string, database: string): Promise<void> {
  const [before] = (await sql.query(
    'SELECT r.rolname AS name, r.rolsuper AS super FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = $1',
    [database],
  )) as [{ readonly name: string; readonly super: boolean }];
  if (!before.super && before.name !== owner) await execute(sql, 'REASSIGN OWNED BY %I TO %I', [before.name, owner]);
  await execute(sql, 'ALTER DATABASE %I OWNER TO %I', [database, owner]);
}

/** Also on the tables that later migrations make. */
async function grant(sql: Sql, owner: string, database: string, role: string, tables: string, sequences: string): Promise<void> {
  await execute(sql, 'GRANT CONNECT ON DATABASE %I TO %I', [database, role]);
  await execute(sql, 'GRANT USAGE ON SCHEMA public TO %I', [role]);
  for (const [kind, rights] of [
    ['TABLES', tables],
    ['SEQUENCES', sequences],
  ]) {
    await execute(sql, `GRANT ${rights} ON ALL ${kind} IN SCHEMA public TO %I`, [role]);
    await execute(sql, `ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT ${rights} ON ${kind} TO %I`, [owner, role]);
  }
}

/** Statements about roles take no parameters: the server itself quotes names (`%I`) and literals (`%L`) into the text. */
async function execute(sql: Sql, template: string, values: readonly string[]): Promise<void> {
  const [row] = (await sql.query('SELECT format($1, VARIADIC $2::text[]) AS statement', [template, values])) as [
    { statement: string },
  ];
  await sql.query(row.statement);
}
