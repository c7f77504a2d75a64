import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@kilonova/local-servers';
import { Client, Pool } from 'pg';
import type { Sql } from '../../store/sql.js';

const MIGRATIONS = new URL('../../../migrations/', import.meta.url);

async function migrate(pool: Pool): Promise<void> {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
  for (const file of files) await pool.query(await readFile(new URL(file, MIGRATIONS), 'utf8'));
}

/** An empty placement database on a server of its own. */
export interface TestDatabase {
  readonly sql: Sql;
  /** A connection for transactions that stay open; closed by its taker. */
  connect(): Promise<Client>;
  /** Ends the server and starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestDatabase(): Promise<TestDatabase> {
  const baseDir = await mkdtemp(join(tmpdir(), 'kilonova-read-model-'));
  let server = await startPostgres({ baseDir, durable: false });
  const poolOf = (): Pool =>
    new Pool({ connectionString: server.url, max: 4, options: '-c jit=off' }).on('error', () => undefined);
  let pool = poolOf();
  await migrate(pool);
  const stop = async (): Promise<void> => {
    await pool.end();
    await server.stop();
  };
  return {
    // Prepared by name, as the service does it: the refresh has to be quick with a generic plan too.
    sql: { query: async (text, values) => (await pool.query({ name: nameOf(text), text, values: [...(values ?? [])] })).rows },
    connect: async () => {
      const client = new Client({ connectionString: server.url });
      await client.connect();
      return client;
    },
    restart: async () => {
      await stop();
      server = await startPostgres({ baseDir, durable: false });
      pool = poolOf();
    },
    stop: async () => {
      await stop();
      await rm(baseDir, { recursive: true, force: true });
    },
  };
}

const names = new Map<string, string>();
const nameOf = (text: string): string => names.get(text) ?? (names.set(text, `s${names.size}`), names.get(text)!);
