import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { AppError, pause } from '@kilonova/util';
import type { ExitReport } from './local-server.js';

/** What to start: `uid`/`gid` switch the account (root only), `logFile` takes both output streams. */
export interface ProgramSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** All of it: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
  readonly logFile: string;
  /** The signal that asks this program to end in order. */
  readonly stopSignal: NodeJS.Signals;
  /** After so many milliseconds a stop becomes a kill. */
  readonly stopGraceMs: number;
}

const running = new Set<Program>();
process.once('exit', () => {
  for (const program of running) program.signal();
});

/**
 * A child process in a process group of its own, so that a Ctrl-C meant for this process does not reach it first.
 * It is asked to end when this process exits; a SIGKILL of this process leaves it running (see `leftover.ts`).
 */
export class Program {
  readonly exited: Promise<ExitReport>;
  #ended = false;

  private constructor(
    private readonly spec: ProgramSpec,
    private readonly child: ChildProcess,
  ) {
    running.add(this);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#ended = true;
        running.delete(this);
        resolve({ code, signal });
      });
    });
  }

  /** Starts it. Throws `dependency` when the program cannot be executed. */
  static async start(spec: ProgramSpec): Promise<Program> {
    const log = await open(spec.logFile, 'a', 0o600);
    try {
      const { command, uid, gid } = spec;
      const child = spawn(command, [...spec.args], {
        env: spec.env,
        cwd: spec.cwd ?? '/',
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        ...(uid === undefined ? {} : { uid, gid }),
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', (cause) => reject(failed(`${command} cannot be executed`, cause)));
      });
      return new Program(spec, child);
    } finally {
      await log.close();
    }
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Sends a signal (the stop signal by default) without waiting. */
  signal(signal: NodeJS.Signals = this.spec.stopSignal): void {
    if (!this.#ended) this.child.kill(signal);
  }

  async stop(): Promise<void> {
    this.signal();
    const timer = setTimeout(() => this.signal('SIGKILL'), this.spec.stopGraceMs);
    await this.exited;
    clearTimeout(timer);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** Polls `probe` until it says yes. A program that ends first, or is not ready in time, is killed and reported with the end of its log. */
  async ready(probe: () => Promise<boolean>, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!(await probe())) {
      if (this.#ended) throw failed(`${this.spec.command} ended while starting:\n${await this.logTail()}`);
      if (Date.now() > deadline) {
        await this.kill();
        throw failed(`${this.spec.command} was not ready after ${withinMs} ms:\n${await this.logTail()}`);
      }
      await pause(25);
    }
  }

  async logTail(lines = 15): Promise<string> {
    const text = await readFile(this.spec.logFile, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  }
}

const failed = (message: string, cause?: unknown): AppError =>
  new AppError({ kind: 'dependency', code: 'local_server.program.failed', message, cause });
