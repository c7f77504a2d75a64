import type { Config } from '@kilonova/config';
import { sweeperSection } from '../../config.js';

/** When the conductor beside the API looks after what. */
export abstract class SweepTimes {
  abstract readonly intervalMs: number;
  /** Age from which a boot without progress is looked after. */
  abstract readonly overdueSeconds: number;
  /** How long a build waits for the broker of its cell before it goes elsewhere. */
  abstract readonly elsewhereSeconds: number;
  /** Between comparisons of placement and quota with the instances there are. */
  abstract readonly compareMs: number;
  /** How long records of failed scheduling are kept. */
  abstract readonly recordDays: number;
  /** How long those of servers that found a host are kept, and how each request was scheduled. */
  abstract readonly placedRecordDays: number;
}

export const sweepTimes = (config: Config): SweepTimes => {
  const sweeper = config.get(sweeperSection);
  return {
    intervalMs: sweeper.intervalSeconds * 1000,
    overdueSeconds: sweeper.overdueSeconds,
    elsewhereSeconds: sweeper.buildElsewhereSeconds,
    compareMs: sweeper.orphanIntervalSeconds * 1000,
    recordDays: sweeper.recordDays,
    placedRecordDays: sweeper.placedRecordDays,
  };
};
