import { Worker } from 'node:worker_threads';
import { tooMany } from '../../model/errors.js';
import type { HashJob } from './hash.worker.js';

/** How many derivations run and wait. */
export interface HashLimits {
  /** Each is a thread of its own with 16 MiB while it works. */
  readonly atOnce: number;
  /** Beyond these a derivation is refused. */
  readonly waiting: number;
}

interface Waiting {
  readonly job: HashJob;
  readonly resolve: (key: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

/** An idle worker is kept for this long, milliseconds. */
const IDLE_MS = 30_000;
/** What a refused caller is advised to wait, milliseconds. */
const BUSY_RETRY_MS = 2_000;

/** Sources run as TypeScript in tests, as JavaScript once built. */
const WORKER = new URL(`./hash.worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Threads that derive keys from passwords, a few at once and a bounded number in line. They are not libuv's, so that
 * guesses, however many, do not keep file writes and the database's logins waiting.
 */
export class HashPool {
  readonly #idle: Worker[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #all = new Set<Worker>();
  #running = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly limits: HashLimits) {}

  /** @throws AppError quota (429) when too many wait already */
  derive(job: HashJob): Promise<Buffer> {
    const isFull = this.#running >= this.limits.atOnce && this.#waiting.length >= this.limits.waiting;
    if (isFull) return Promise.reject(tooMany(BUSY_RETRY_MS));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#next();
    });
  }

  /** Ends the threads; what still waits is refused. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    for (const { reject } of this.#waiting.splice(0)) reject(tooMany(BUSY_RETRY_MS));
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #next(): void {
    if (this.#running >= this.limits.atOnce) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return void this.#restSoon();
    this.#running += 1;
    clearTimeout(this.#idleTimer);
    this.#work(this.#idle.pop() ?? this.#start(), waiting);
  }

  #work(worker: Worker, { job, resolve, reject }: Waiting): void {
    const end = (isUsable: boolean): void => {
      worker.off('message', succeed).off('error', fail).off('exit', died);
      if (isUsable) this.#idle.push(worker);
      else this.#all.delete(worker);
      this.#running -= 1;
      this.#next();
    };
    const succeed = (key: Uint8Array): void => {
      end(true);
      resolve(Buffer.from(key));
    };
    const fail = (error: unknown): void => {
      worker.on('error', () => undefined);
      end(false);
      reject(error);
    };
    const died = (): void => fail(tooMany(BUSY_RETRY_MS));
    worker.on('message', succeed).on('error', fail).on('exit', died);
    worker.postMessage(job);
  }

  #start(): Worker {
    const worker = new Worker(WORKER, { resourceLimits: { maxOldGenerationSizeMb: 16 } });
    worker.unref();
    this.#all.add(worker);
    return worker;
  }

  #restSoon(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      for (const worker of this.#idle.splice(0)) {
        this.#all.delete(worker);
        void worker.terminate();
      }
    }, IDLE_MS).unref();
  }
}
