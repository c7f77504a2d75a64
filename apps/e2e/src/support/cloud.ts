import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { processEnvironment } from '@kilonova/config';
import { freePortBase } from '@kilonova/local-servers';
import { ComputeClient } from './compute-client.js';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const LAUNCHER = join(ROOT, 'kilonova');

/** How often another base is tried. */
const PORT_TRIES = 4;

/** What is lost is found within seconds instead of minutes. */
export const QUICK_SWEEPER = {
  KILONOVA_SWEEPER_INTERVAL_SECONDS: '2',
  KILONOVA_SWEEPER_OVERDUE_SECONDS: '10',
  KILONOVA_SWEEPER_LOST_SECONDS: '10',
  KILONOVA_SWEEPER_ORPHAN_INTERVAL_SECONDS: '5',
};

interface Endpoints {
  readonly identity: string;
  readonly compute: string;
  readonly placement: string;
  readonly image: string;
}

/** A cloud of this checkout, started by its own command line in a folder of its own. */
export class TestCloud {
  readonly client: ComputeClient;

  private constructor(
    readonly stateDir: string,
    readonly endpoints: Endpoints,
  ) {
    const password = readFileSync(join(stateDir, 'secrets', 'admin-password'), 'utf8').trim();
    this.client = new ComputeClient(endpoints, password);
  }

  /** @param args further words of `kilonova up`. @param env settings for all services. @param stateDir default: a new folder */
  static async start(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    stateDir = mkdtempSync(join(tmpdir(), 'kilonova-e2e-')),
  ): Promise<TestCloud> {
    for (let attempt = 1; (await TestCloud.#up(stateDir, args, env, attempt)) === 'port taken'; attempt++);
    const endpoints = JSON.parse(readFileSync(join(stateDir, 'endpoints.json'), 'utf8')) as Endpoints;
    return new TestCloud(stateDir, endpoints);
  }

  /** Somebody may take one of the ports between the look and the start: then others are tried, a few times. */
  static async #up(
    stateDir: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    attempt: number,
  ): Promise<'up' | 'port taken'> {
    const words = ['up', '--detach', '--state-dir', stateDir, '--port-base', String(await freePortBase()), ...args];
    try {
      await run(LAUNCHER, words, { timeout: 240_000, maxBuffer: 1 << 24, env: { ...processEnvironment(), ...env } });
      return 'up';
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      if (attempt < PORT_TRIES && `${stdout}${stderr}`.includes('choose another --port-base')) return 'port taken';
      throw new Error(`kilonova ${words.join(' ')} failed:\n${stdout}\n${stderr}\n${TestCloud.logsOf(stateDir)}`);
    }
  }

  /** The last lines of each log, for the message of a failure. */
  static logsOf(stateDir: string): string {
    const folder = join(stateDir, 'log');
    return readdirSync(folder)
      .map((name) => `── ${name}\n${readFileSync(join(folder, name), 'utf8').split('\n').slice(-6).join('\n')}`)
      .join('\n');
  }

  /** Runs the stock `openstack` client as administrator; `-f json` is added where `json` is wanted. */
  async openstack(...words: readonly string[]): Promise<string> {
    const env = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: this.stateDir,
      OS_CLOUD: 'kilonova',
      OS_CLIENT_CONFIG_FILE: join(this.stateDir, 'clouds.yaml'),
    };
    const { stdout } = await run('/usr/bin/openstack', [...words], { env, timeout: 120_000, maxBuffer: 1 << 24 });
    return stdout;
  }

  async openstackJson<T>(...words: readonly string[]): Promise<T> {
    return JSON.parse(await this.openstack(...words, '-f', 'json')) as T;
  }

  /** Names of the services that have a process of their own. */
  services(): readonly string[] {
    return readdirSync(join(this.stateDir, 'run'))
      .filter((name) => name.endsWith('.pid'))
      .map((name) => name.slice(0, -'.pid'.length));
  }

  /** Ends a service's process by force; the cloud starts it again. */
  kill(service: string): void {
    process.kill(Number(readFileSync(join(this.stateDir, 'run', `${service}.pid`), 'utf8')), 'SIGKILL');
  }

  /** The same for one that may be on its way back already. False: there was none. */
  killIfRunning(service: string): boolean {
    try {
      this.kill(service);
      return true;
    } catch {
      return false;
    }
  }

  async kilonova(...words: readonly string[]): Promise<string> {
    const { stdout } = await run(LAUNCHER, [...words, '--state-dir', this.stateDir], { timeout: 120_000, maxBuffer: 1 << 24 });
    return stdout;
  }

  /** Collects notifications, one line of JSON each, until `stop`. */
  tail(...words: readonly string[]): { readonly lines: string[]; readonly stop: () => void } {
    const lines: string[] = [];
    const child = spawn(LAUNCHER, ['notifications', 'tail', '--full', ...words, '--state-dir', this.stateDir], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let rest = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
    return { lines, stop: () => void child.kill('SIGTERM') };
  }

  async stop(): Promise<void> {
    await this.kilonova('down');
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}
