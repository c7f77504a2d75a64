import { ApiDatabase, SchedulingRecordRepository } from '@kilonova/api-db';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { SweepTimes } from './sweep-times.js';

/** Rows a run, at most. */
const LIMIT = 5_000;

/** Scheduling records are kept for some days, then forgotten. */
@Injectable()
export class ForgetOld implements Job {
  readonly name = 'forget old scheduling records';
  readonly exclusive = true;
  readonly intervalMs = 3_600_000;

  constructor(
    private readonly api: ApiDatabase,
    private readonly records: SchedulingRecordRepository,
    private readonly times: SweepTimes,
  ) {}

  async run(): Promise<number> {
    return this.records.purge(await this.api.sql(), this.times.recordDays, LIMIT);
  }
}
