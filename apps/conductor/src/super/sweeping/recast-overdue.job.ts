import { ApiDatabase, BootRepository } from '@kilonova/api-db';
import { enqueueCasts, OutboxRelay } from '@kilonova/messaging';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { recasts } from '../boot/recasts.js';
import { SweepTimes } from './sweep-times.js';

/** Boots a run, at most. */
const LIMIT = 500;

/** Boots of which nothing has come are told to the conductor again: their message was lost, or given up on. */
@Injectable()
export class RecastOverdue implements Job {
  readonly name = 'recast overdue boots';
  readonly exclusive = true;

  constructor(
    private readonly api: ApiDatabase,
    private readonly boots: BootRepository,
    private readonly relay: OutboxRelay,
    private readonly times: SweepTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const count = await this.api.transaction(async (sql) => {
      const overdue = await this.boots.takeOverdue(sql, this.times.overdueSeconds, LIMIT);
      await enqueueCasts(sql, recasts(overdue));
      return overdue.length;
    });
    this.relay.wake();
    return count;
  }
}
