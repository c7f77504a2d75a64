import { mkdir, readFile, readlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '@kilonova/util';
import { freePort } from '../free-port.js';
import { endLeftover, findLeftover } from '../leftover.js';
import type { LocalServer } from '../local-server.js';
import { Program } from '../program.js';
import { initialize, majorOf, PLAIN_LOCALE, passwordIn, SUPERUSER } from './data-folder.js';
import { findPostgres, type PostgresInstallation } from './installation.js';
import { findPlace, type Place } from './place.js';
import { type PostgresSettings, settingArguments } from './settings.js';

export interface PostgresOptions extends Partial<PostgresSettings> {
  /** Holds `data/` (or a link to it), `password` and `postgres.log`. Made when missing; what is there is used again. */
  readonly baseDir: string;
  /** Default: what `findPostgres` finds, in the version that made the data. */
  readonly installation?: PostgresInstallation;
  /** Default 60 s: a restart after a crash may have to replay its log. */
  readonly readyWithinMs?: number;
}

/** `url` names the superuser and the database `postgres`. */
export interface LocalPostgres extends LocalServer {
  readonly installation: PostgresInstallation;
  /** The URL of another database of this server. */
  databaseUrl(database: string): string;
}

/**
 * Starts PostgreSQL on loopback, making its data folder when missing, and waits until it takes connections.
 * Throws `dependency`: not installed, no place for root to run it, or not ready in time.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const baseDir = resolve(options.baseDir);
  // Passable, so that an unprivileged account may reach the data folder in it; what is secret in it is 0600.
  await mkdir(baseDir, { recursive: true, mode: 0o711 });
  const wanted = join(baseDir, 'data');
  const major = await majorOf(wanted);
  const installation = options.installation ?? (await findPostgres(major));
  if (installation === undefined) throw notInstalled(major);
  const place = await findPlace(wanted, installation);
  const password = await passwordIn(baseDir);
  if ((await majorOf(place.dataDir)) === undefined) await initialize(place, password, options.durable ?? true);
  const settings = { ...options, port: options.port ?? (await freePort()) };
  const server = new PostgresServer(
    installation,
    place,
    settings,
    password,
    join(baseDir, 'postgres.log'),
    options.readyWithinMs ?? 60_000,
  );
  await server.start();
  return server;
}

/** How long an orderly end may take, milliseconds. */
const STOP_GRACE_MS = 30_000;

/** The data folder itself, where `data` is a link to it. */
const realData = (baseDir: string): Promise<string> => {
  const dataDir = join(resolve(baseDir), 'data');
  return readlink(dataDir).catch(() => dataDir);
};

/** The process of a server on this folder that outlived its owner; undefined when none runs. */
export async function findLeftoverPostgres(baseDir: string): Promise<number | undefined> {
  const dataDir = await realData(baseDir);
  return findLeftover(join(dataDir, 'postmaster.pid'), dataDir);
}

/** Ends the server that `findLeftoverPostgres` finds, in order. */
export async function endLeftoverPostgres(baseDir: string): Promise<boolean> {
  const dataDir = await realData(baseDir);
  return endLeftover(join(dataDir, 'postmaster.pid'), dataDir, 'SIGINT', STOP_GRACE_MS);
}

/** Signals (PostgreSQL manual, "Shutting Down the Server"): SIGINT is the fast shutdown. */
class PostgresServer implements LocalPostgres {
  #program: Program | undefined;

  constructor(
    readonly installation: PostgresInstallation,
    private readonly place: Place,
    private readonly settings: PostgresSettings,
    private readonly password: string,
    readonly logFile: string,
    private readonly readyWithinMs: number,
  ) {}

  get port(): number {
    return this.settings.port;
  }

  get url(): string {
    return this.databaseUrl('postgres');
  }

  get pid(): number {
    return this.#started().pid;
  }

  get exited(): LocalServer['exited'] {
    return this.#started().exited;
  }

  databaseUrl(database: string): string {
    return `postgres://${SUPERUSER}:${this.password}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`;
  }

  async start(): Promise<void> {
    const { dataDir, binDir, prefix, account } = this.place;
    const pidFile = join(dataDir, 'postmaster.pid');
    await endLeftover(pidFile, dataDir, 'SIGINT', STOP_GRACE_MS);
    const [command = '', ...args] = [...prefix, join(binDir, 'postgres'), '-D', dataDir, ...settingArguments(this.settings)];
    const program = await Program.start({
      command,
      args,
      env: PLAIN_LOCALE,
      uid: account?.uid,
      gid: account?.gid,
      logFile: this.logFile,
      stopSignal: 'SIGINT',
      stopGraceMs: STOP_GRACE_MS,
    });
    this.#program = program;
    await program.ready(() => acceptsConnections(pidFile, program.pid), this.readyWithinMs);
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
  }

  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  #started(): Program {
    if (this.#program === undefined) throw new TypeError('the server was never started');
    return this.#program;
  }
}

/** The postmaster writes its state on line 8 of its pid file; this is what pg_ctl waits for too. */
async function acceptsConnections(pidFile: string, pid: number): Promise<boolean> {
  const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

const notInstalled = (major?: number): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'local_server.postgres.missing',
    message:
      major === undefined
        ? 'PostgreSQL was not found: install the package postgresql, or node modules with their optional dependencies.'
        : `The data folder was made by PostgreSQL ${major}, which is not installed any more.`,
  });
