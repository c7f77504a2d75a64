import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { probeBroker } from '@kilonova/messaging';
import { createDataSource, ensureInitialized, withDatabase } from '@kilonova/sql';
import { AppError, reasonOf } from '@kilonova/util';
import { behaviourFaults, hardwareFaults } from '@kilonova/virt';
import { portsFrom } from './cloud-layout.js';
import type { StateDir } from './state-dir.js';
import type { UpOptions } from './up-options.js';

const PROBE_MS = 5_000;

/** Looks for what would stop the cloud half-way, before anything starts. @throws AppError with all of it, in the user's words. */
export async function preflight(options: UpOptions, state: StateDir): Promise<void> {
  const checks = [
    portFaults(options),
    brokerFaults(options),
    databaseFaults(options),
    Promise.resolve(fileFaults(state.path('fake-driver.json'), behaviourFaults)),
    Promise.resolve(fileFaults(state.path('fake-hardware.json'), hardwareFaults)),
  ];
  const faults = (await Promise.all(checks)).flat();
  if (faults.length > 0) throw new AppError({ kind: 'dependency', code: 'kilonova.up.preflight', message: faults.join('\n') });
}

async function portFaults({ portBase, postgres }: UpOptions): Promise<readonly string[]> {
  const wanted = Object.entries(portsFrom(portBase)).filter(([name]) => name !== 'postgres' || postgres === undefined);
  const states = await Promise.all(wanted.map(async ([name, port]) => ({ name, port, fault: await cannotListen(port) })));
  return states
    .filter(({ fault }) => fault !== undefined)
    .map(({ name, port, fault }) => `port ${port} (${name}) cannot be taken: ${fault}; choose another --port-base`);
}

const cannotListen = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'another program listens on it' : error.message),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });

async function brokerFaults({ amqp }: UpOptions): Promise<readonly string[]> {
  if (amqp === undefined) return [];
  return probeBroker(amqp, PROBE_MS).then(
    () => [],
    (error: Error) => [`--amqp: ${error.message}`],
  );
}

async function databaseFaults({ postgres }: UpOptions): Promise<readonly string[]> {
  if (postgres === undefined) return [];
  const url = withDatabase(postgres, 'postgres');
  const source = createDataSource({ url, name: 'kilonova up', poolSize: 1, connectTimeoutMs: PROBE_MS });
  try {
    await ensureInitialized(source);
    return [];
  } catch (error) {
    const { hostname, port, username } = new URL(url);
    const at = `${hostname}:${port || 5432} (user ${decodeURIComponent(username)}, database postgres)`;
    return [`--postgres: the database server at ${at} cannot be used: ${rootCause(error)}`];
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

/** The driver's own words. */
function rootCause(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? reasonOf(error) : rootCause(cause);
}

const fileFaults = (file: string, faultsOf: (text: string) => readonly string[]): readonly string[] =>
  existsSync(file) ? faultsOf(readFileSync(file, 'utf8')).map((fault) => `${file}: ${fault}`) : [];
