import type { BuildDispatchRepository, DeleteDispatchRepository } from '@kilonova/cell-db';
import type { Sql } from '@kilonova/sql';
import type { Job } from './sweeper.js';

/** Messages a run and kind, at most. */
const LIMIT = 200;

export interface RepeatTimes {
  readonly intervalMs: number;
  /** How long a living host may leave a message unanswered before it is told again. */
  readonly lostSeconds: number;
  readonly serviceDownSeconds: number;
}

/** Builds and deletes that living hosts have not taken on are told again: a queue, or the broker's disk, was lost. */
export class RepeatLost implements Job {
  readonly name = 'repeat lost messages';
  readonly exclusive = true;

  constructor(
    private readonly sql: Sql,
    private readonly builds: BuildDispatchRepository,
    private readonly deletes: DeleteDispatchRepository,
    private readonly relay: { wake(): void },
    private readonly times: RepeatTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const { lostSeconds, serviceDownSeconds } = this.times;
    const builds = await this.builds.repeatLost(this.sql, lostSeconds, serviceDownSeconds, LIMIT);
    const deletes = await this.deletes.repeatLost(this.sql, lostSeconds, serviceDownSeconds, LIMIT);
    this.relay.wake();
    return builds.length + deletes.length;
  }
}
