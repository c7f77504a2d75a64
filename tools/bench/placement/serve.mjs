#!/usr/bin/env node
// Starts placement alone on a PostgreSQL of its own, both as separate processes, and keeps them until it is told to end.
//   serve.mjs project      this checkout's placement
//   serve.mjs reference    the reference's (Debian's python3-placement), by gunicorn, 2 processes of 4 threads
// Prints `export PLACEMENT_URL=…`, `export SERVER_PIDS=…` (process trees of the service and its database), then `ready`.
// SHARED_BUFFERS_MB sizes the database's cache (512). Both believe every token.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startPostgres } from '@kilonova/local-servers';
import { createDatabase } from '@kilonova/sql';
import { stringify } from 'yaml';

/** How long a server may take to answer, milliseconds. */
const READY_WITHIN_MS = 60_000;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'kilonova-bench-'));
const log = createWriteStream(join(folder, 'service.log'));

/** This checkout's placement as it runs in production, but for the tokens. */
async function project(databaseUrl, port) {
  const config = join(folder, 'placement.yaml');
  const settings = {
    database: { url: databaseUrl, syncOnStartup: true },
    http: { port },
    auth: { strategy: 'noauth2' },
    log: { level: 'warn' },
  };
  await writeFile(config, stringify(settings), { mode: 0o600 });
  return spawn(join(root, 'kilonova'), ['placement', 'serve', '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The settings under which the recorded figures of the reference were taken. */
async function reference(databaseUrl, port) {
  const config = join(folder, 'etc');
  await mkdir(config);
  const connection = databaseUrl.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
  await writeFile(
    join(config, 'placement.conf'),
    [
      '[DEFAULT]',
      'default_log_levels = placement.requestlog=WARNING',
      '[api]',
      'auth_strategy = noauth2',
      '[placement_database]',
      `connection = ${connection}`,
      'max_pool_size = 10',
      'max_overflow = 20',
      '[placement]',
      'randomize_allocation_candidates = False',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  await promisify(execFile)('/usr/bin/placement-manage', ['--config-file', join(config, 'placement.conf'), 'db', 'sync']);
  const words = ['-m', 'gunicorn', '--workers', '2', '--worker-class', 'gthread', '--threads', '4', '--keep-alive', '65'];
  return spawn('/usr/bin/python3', [...words, '--bind', `127.0.0.1:${port}`, 'placement.wsgi:init_application()'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { ...process.env, OS_PLACEMENT_CONFIG_DIR: config },
  });
}

async function answers(url, service) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (
    !(await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (service.exitCode !== null || Date.now() > deadline) throw new Error(`placement did not start; see ${log.path}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const which = process.argv[2] ?? 'project';
const postgres = await startPostgres({
  baseDir: join(folder, 'postgres'),
  sharedBuffersMegabytes: Number(process.env.SHARED_BUFFERS_MB ?? 512),
});
let service;
let failed = false;

async function end() {
  if (service !== undefined && service.exitCode === null) {
    service.kill('SIGTERM');
    await once(service, 'exit');
  }
  await postgres.stop();
  if (!failed) await rm(folder, { recursive: true, force: true });
  process.exit(failed ? 1 : 0);
}
process.once('SIGTERM', end);
process.once('SIGINT', end);

try {
  const url = postgres.databaseUrl('placement');
  await createDatabase(url);
  const port = await freePort();
  service = await { project, reference }[which](url, port);
  service.stdout.pipe(log, { end: false });
  service.stderr.pipe(log, { end: false });
  await answers(`http://127.0.0.1:${port}/`, service);
  console.log(`export PLACEMENT_URL=http://127.0.0.1:${port}`);
  console.log(`export SERVER_PIDS='${service.pid} ${postgres.pid}'`);
  console.log('ready');
} catch (error) {
  failed = true;
  console.error(error instanceof Error ? error.message : error);
  await end();
}
