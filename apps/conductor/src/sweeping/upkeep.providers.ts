import { Config } from '@kilonova/config';
import { type Logger, Metrics } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import type { Provider } from '@nestjs/common';
import { sweeperSection } from '../config.js';
import { Jobs } from './jobs.js';
import { OwnDatabase } from './own-database.js';
import { Sweeper } from './sweeper.js';
import { SweepingMetrics } from './sweeping-metrics.js';
import { Upkeep } from './upkeep.service.js';

function openSweeper(config: Config, database: OwnDatabase, jobs: Jobs, metrics: Metrics, logger: Logger): Sweeper {
  const counts = new SweepingMetrics(metrics);
  const active = config.get(sweeperSection).enabled ? [...jobs.upkeep, ...jobs.sweeping] : jobs.upkeep;
  return new Sweeper(() => database.sql(), active, {
    onDone: (job, count) => {
      counts.swept(job, count);
      logger.info({ job, count }, 'the sweeper found work');
    },
    onError: (job, error) => {
      counts.sweepFailed(job);
      logger.warn({ job, err: error }, 'a periodic job failed; it will be tried again');
    },
  });
}

/** What runs the `Jobs` of a role over its `OwnDatabase`; a module of the role provides both. */
export const UPKEEP: Provider[] = [
  Upkeep,
  { provide: Sweeper, useFactory: openSweeper, inject: [Config, OwnDatabase, Jobs, Metrics, LOGGER] },
];
