import type { ApiDatabase, SchedulingRecordRepository } from '@kilonova/api-db';
import type { Job } from './sweeper.js';

/** Rows a run, at most. */
const LIMIT = 5_000;

/** Scheduling records are kept for some days, then forgotten. */
export class ForgetOld implements Job {
  readonly name = 'forget old scheduling records';
  readonly exclusive = true;

  constructor(
    private readonly api: ApiDatabase,
    private readonly records: SchedulingRecordRepository,
    readonly intervalMs: number,
    private readonly days: number,
  ) {}

  async run(): Promise<number> {
    return this.records.purge(await this.api.sql(), this.days, LIMIT);
  }
}
