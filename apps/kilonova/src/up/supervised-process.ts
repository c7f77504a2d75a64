import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { forgetProcess, recordProcess } from '@kilonova/local-servers';
import { backoffMs } from '@kilonova/util';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly pidFile: string;
}

export type ProcessState = 'running' | 'restarting' | 'stopped';

/** Pauses before a process that ended by itself is started again. */
const RESTART = { baseMs: 200, capMs: 10_000 };

/** A process that lived this long is healthy: the next restart is quick again. */
const HEALTHY_MS = 30_000;

/** One service as its own process: started again whenever it ends by itself, stopped politely, then by force. */
export class SupervisedProcess {
  #child: ChildProcess | undefined;
  #state: ProcessState = 'stopped';
  #failures = 0;
  #startedAt = 0;
  #restarts = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly spec: ProcessSpec,
    private readonly onExit: (name: string, reason: string) => void,
  ) {}

  get status(): { readonly name: string; readonly state: ProcessState; readonly pid: number | null; readonly restarts: number } {
    return { name: this.spec.name, state: this.#state, pid: this.#child?.pid ?? null, restarts: this.#restarts };
  }

  start(): void {
    const log = openSync(this.spec.logFile, 'a', 0o600);
    const child = spawn(this.spec.command, this.spec.args, {
      env: this.spec.env,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    this.#state = 'running';
    this.#startedAt = Date.now();
    if (child.pid !== undefined) recordProcess(this.spec.pidFile, child.pid);
    child.once('error', (error) => this.#ended(child, error.message));
    child.once('exit', (code, signal) => this.#ended(child, signal ?? `exit code ${code}`));
  }

  /** Ends the process: SIGTERM, and SIGKILL after the grace time. */
  async stop(graceMs: number): Promise<void> {
    clearTimeout(this.#timer);
    this.#state = 'stopped';
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.once('exit', () => {
        clearTimeout(force);
        resolve();
      });
      child.kill('SIGTERM');
    });
    forgetProcess(this.spec.pidFile);
  }

  #ended(child: ChildProcess, reason: string): void {
    if (this.#child !== child || this.#state === 'stopped') return;
    this.#failures = Date.now() - this.#startedAt > HEALTHY_MS ? 1 : this.#failures + 1;
    this.#state = 'restarting';
    this.onExit(this.spec.name, reason);
    this.#timer = setTimeout(
      () => {
        this.#restarts += 1;
        this.start();
      },
      backoffMs(RESTART, this.#failures),
    );
  }
}
