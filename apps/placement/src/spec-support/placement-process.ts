import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, freePort } from '@kilonova/testing';
import { PlacementCaller } from './placement-caller.js';

const FOLDER = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(FOLDER, 'dist/main.js');
const COMPILER = join(FOLDER, '../../node_modules/.bin/tsc');

/** Processes run what is compiled, so that is brought up to date. Call in `beforeAll`. */
export const compilePlacement = async (): Promise<void> => {
  await promisify(execFile)(COMPILER, ['-b'], { cwd: FOLDER });
};

/** A busy machine takes its time to load a process, milliseconds. */
const START_MS = 60_000;

/** Placement as a process of its own, to be killed. It keeps its port when it is started again. */
export class PlacementProcess {
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(
    private readonly folder: string,
    readonly call: PlacementCaller,
  ) {}

  /** Answers once it serves. @param databaseUrl that of a database with the schema. */
  static async start(databaseUrl: string): Promise<PlacementProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'kilonova-placement-'));
    const port = await freePort();
    const settings = {
      database: { url: databaseUrl, poolSize: 16 },
      http: { port },
      auth: { strategy: 'noauth2' },
      log: { level: 'warn' },
      placement: { logOptions: false },
    };
    await writeFile(join(folder, 'placement.yaml'), JSON.stringify(settings));
    const started = new PlacementProcess(folder, new PlacementCaller(`http://127.0.0.1:${port}`));
    await started.restart();
    return started;
  }

  async restart(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, '--config', join(this.folder, 'placement.yaml')], { stdio: 'pipe' });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-20_000);
      });
    }
    const answers = async (): Promise<boolean> => {
      if (child.exitCode !== null) throw new Error(`placement ended at once: ${this.#output}`);
      return (await this.call.get('/')).status === 200;
    };
    await eventually(answers, { deadlineMs: START_MS });
  }

  /** What the process keeps in memory, bytes; NaN where the system does not tell. */
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.#child?.pid}/status`, 'utf8').catch(() => '');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  /** What it wrote last: its warnings. */
  get output(): string {
    return this.#output;
  }

  /** Ends it without any warning. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
