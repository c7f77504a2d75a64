import { Config } from '@kilonova/config';
import { Module } from '@nestjs/common';
import { sweeperSection } from '../../config.js';
import { ServiceHeartbeat } from '../../sweeping/heartbeat.job.js';
import { Jobs } from '../../sweeping/jobs.js';
import { UPKEEP } from '../../sweeping/upkeep.providers.js';
import { CellDatabaseModule } from '../infrastructure/cell-database.module.js';
import { OperationModule } from '../operation/operation.module.js';
import { SweepDeeds } from './sweep-deeds.js';
import { SweepOperations, SweepTimes } from './sweep-operations.job.js';

function sweepTimes(config: Config): SweepTimes {
  const sweeper = config.get(sweeperSection);
  return {
    intervalMs: sweeper.intervalSeconds * 1000,
    lostSeconds: sweeper.lostSeconds,
    serviceDownSeconds: sweeper.serviceDownTimeSeconds,
    elsewhereSeconds: sweeper.buildElsewhereSeconds,
    patienceSeconds: {
      build: sweeper.instanceBuildTimeoutSeconds,
      delete: sweeper.instanceDeleteTimeoutSeconds,
      power: sweeper.powerTimeoutSeconds,
      move: sweeper.moveTimeoutSeconds,
    },
  };
}

const collect = (heartbeat: ServiceHeartbeat, operations: SweepOperations): Jobs => ({
  upkeep: [heartbeat],
  sweeping: [operations],
});

/** What a cell's conductor does by itself. */
@Module({
  imports: [CellDatabaseModule, OperationModule],
  providers: [
    ...UPKEEP,
    ServiceHeartbeat,
    SweepDeeds,
    SweepOperations,
    { provide: SweepTimes, useFactory: sweepTimes, inject: [Config] },
    { provide: Jobs, useFactory: collect, inject: [ServiceHeartbeat, SweepOperations] },
  ],
})
export class SweepingModule {}
