import { rows, type Sql, transaction } from '@kilonova/sql';
import type { DataSource } from 'typeorm';

/** A piece of periodic work; its run says how many things it dealt with. */
export interface Job {
  readonly name: string;
  readonly intervalMs: number;
  /** One process at a time does it; the others pass their turn. */
  readonly exclusive: boolean;
  run(): Promise<number>;
}

export interface SweeperLog {
  /** A job found something to do. */
  readonly onDone: (job: string, count: number) => void;
  readonly onError: (job: string, error: unknown) => void;
}

/**
 * Ends what has no owner: runs each job at its interval, with jitter, never overlapping itself. Which process does an
 * exclusive job is settled by an advisory lock on the database, anew each time, so that none has to be in charge.
 */
export class Sweeper {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(
    private readonly sql: () => Promise<DataSource>,
    private readonly jobs: readonly Job[],
    private readonly log: SweeperLog,
    private readonly random: () => number = Math.random,
  ) {}

  /** The first run of each job comes at a random part of its interval. */
  start(): void {
    for (const job of this.jobs) this.#schedule(job, job.intervalMs * this.random());
  }

  /** No further runs; resolves when those under way have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running);
  }

  #schedule(job: Job, afterMs: number): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      const run = this.#run(job).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }, afterMs);
    timer.unref();
    this.#timers.set(job.name, timer);
  }

  async #run(job: Job): Promise<void> {
    try {
      const count = job.exclusive ? await this.#alone(job) : await job.run();
      if (count > 0) this.log.onDone(job.name, count);
    } catch (error) {
      this.log.onError(job.name, error);
    }
    this.#schedule(job, job.intervalMs * (0.9 + 0.2 * this.random()));
  }

  async #alone(job: Job): Promise<number> {
    return transaction(await this.sql(), async (sql) => ((await takeTurn(sql, job.name)) ? job.run() : 0));
  }
}

/** False: another process does this job now. The turn ends with the transaction. */
async function takeTurn(sql: Sql, job: string): Promise<boolean> {
  const [turn] = await rows<{ taken: boolean }>(
    sql,
    `SELECT pg_try_advisory_xact_lock(hashtextextended('job:' || $1, 0)) AS taken`,
    [job],
  );
  return turn?.taken === true;
}
