import { ApiDatabase, SchedulingRecordRepository } from '@kilonova/api-db';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { SweepTimes } from './sweep-times.js';

/** Rows of a statement, and statements of a run: more is left to the next run. */
const LIMIT = 5_000;
const ROUNDS = 20;

/** Scheduling records are kept for some days, then forgotten. */
@Injectable()
export class ForgetOld implements Job {
  readonly name = 'forget old scheduling records';
  readonly exclusive = true;
  readonly intervalMs = 600_000;

  constructor(
    private readonly api: ApiDatabase,
    private readonly records: SchedulingRecordRepository,
    private readonly times: SweepTimes,
  ) {}

  async run(): Promise<number> {
    const sql = await this.api.sql();
    let forgotten = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const count = await this.records.purge(sql, this.times.recordDays, this.times.placedRecordDays, LIMIT);
      forgotten += count;
      if (count < LIMIT) break;
    }
    return forgotten;
  }
}
