import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postgresInstallations } from './installation.js';
import { type LocalPostgres, startPostgres } from './postgres-server.js';

const installations = await postgresInstallations();
let baseDir: string;
const started: LocalPostgres[] = [];

beforeEach(async () => {
  baseDir = await mkdtemp(join(tmpdir(), 'kilonova-postgres-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  await rm(baseDir, { recursive: true });
});

async function start(options: { port?: number } = {}): Promise<LocalPostgres> {
  const [installation] = installations;
  const server = await startPostgres({ baseDir, durable: false, installation, ...options });
  started.push(server);
  return server;
}

async function query(server: LocalPostgres, text: string): Promise<unknown[]> {
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe.skipIf(installations.length === 0)('a local PostgreSQL (needs one installed or in node_modules)', () => {
  test.each(installations.map((one) => [`${one.source} ${one.major}`, one] as const))(
    'of %s runs and ends in order',
    async (_, one) => {
      const server = await startPostgres({ baseDir, durable: false, installation: one });
      started.push(server);
      expect(await query(server, 'SHOW server_version_num')).toEqual([
        { server_version_num: expect.stringMatching(`^${one.major}`) },
      ]);
      await server.stop();
      expect(await server.exited).toEqual({ code: 0, signal: null });
      await server.stop();
    },
  );

  test('keeps its data when it is killed and started again', async () => {
    const server = await start();
    await query(server, 'CREATE TABLE t AS SELECT 1 AS n');
    await server.kill();
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await server.restart();
    expect(await query(server, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
  });

  test('takes over a folder on which another still runs, as after a kill of its owner', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE t AS SELECT 1 AS n');
    const second = await start();
    expect(await first.exited).toEqual({ code: 0, signal: null });
    expect(await query(second, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
  });

  test('takes connections on loopback with the password alone', async () => {
    const server = await start();
    const listening = await query(
      server,
      "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories')",
    );
    expect(listening).toEqual([
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'unix_socket_directories', setting: '' },
    ]);
    const stranger = new pg.Client(server.url.replace(/:[^:@]+@/, ':guess@'));
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  test('L2: writes no value and no statement of a failure into its log', async () => {
    const server = await start();
    const refused = [
      `SELECT '{"admin_password": "TENANT-SECRET\\u0000"}'::jsonb`,
      `SELECT 'x' ~ '(TENANT-SECRET'`,
      `SELECT 'TENANT-SECRET' FROM nowhere`,
    ];
    for (const text of refused) await expect(query(server, text)).rejects.toThrow();
    await server.stop();
    const log = await readFile(server.logFile, 'utf8');
    expect(log).toContain('ERROR');
    expect(log).not.toContain('TENANT-SECRET');
  });

  test('reports what the program said when it cannot start', async () => {
    const taken = await start();
    const other = await mkdtemp(join(tmpdir(), 'kilonova-postgres-'));
    await expect(
      startPostgres({ baseDir: other, durable: false, port: taken.port, installation: installations[0] }),
    ).rejects.toMatchObject({
      kind: 'dependency',
      message: expect.stringContaining('could not bind'),
    });
    await rm(other, { recursive: true });
  });
});

describe.skipIf(process.getuid?.() !== 0 || installations.length === 0)('started by root (runs as root only)', () => {
  const ownerOf = async (path: string): Promise<number> => (await stat(path)).uid;

  test('it runs as an account that reaches the folder', async () => {
    await chmod(baseDir, 0o711);
    const server = await start();
    expect(await ownerOf(join(baseDir, 'data'))).not.toBe(0);
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0');
  });

  test('it runs in a folder that nobody else may enter', async () => {
    await chmod(baseDir, 0o700);
    const server = await start();
    expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await server.restart();
    expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });
});
