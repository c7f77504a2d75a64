import { transaction, tryLockNamed } from '@kilonova/sql';
import { PeriodicTask } from '@kilonova/util';
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
  readonly #tasks: readonly PeriodicTask[];

  constructor(
    private readonly sql: () => Promise<DataSource>,
    jobs: readonly Job[],
    private readonly log: SweeperLog,
  ) {
    this.#tasks = jobs.map(
      (job) =>
        new PeriodicTask(
          job.intervalMs,
          () => this.#run(job),
          (error) => log.onError(job.name, error),
        ),
    );
  }

  /** The first run of each job comes at a random part of its interval. */
  start(): void {
    for (const task of this.#tasks) task.start();
  }

  /** No further runs; resolves when those under way have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.stop()));
  }

  async #run(job: Job): Promise<void> {
    const count = job.exclusive ? await this.#alone(job) : await job.run();
    if (count > 0) this.log.onDone(job.name, count);
  }

  async #alone(job: Job): Promise<number> {
    return transaction(await this.sql(), async (sql) => ((await tryLockNamed(sql, `job:${job.name}`)) ? job.run() : 0));
  }
}
