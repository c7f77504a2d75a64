import { Config } from '@kilonova/config';
import { Module } from '@nestjs/common';
import { sweeperSection } from '../../config.js';
import { ServiceHeartbeat } from '../../sweeping/heartbeat.job.js';
import { Jobs } from '../../sweeping/jobs.js';
import { UPKEEP } from '../../sweeping/upkeep.providers.js';
import { CellDatabaseModule } from '../infrastructure/cell-database.module.js';
import { OperationModule } from '../operation/operation.module.js';
import { ConfirmResizes, ConfirmTimes } from './confirm-resizes.job.js';
import { OffloadShelvedJob, ShelvedPoll } from './offload-shelved.job.js';
import { ReclaimInstances, ReclaimTimes } from './reclaim-instances.job.js';
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

function reclaimTimes(config: Config): ReclaimTimes {
  const { intervalSeconds, reclaimInstanceIntervalSeconds, serviceDownTimeSeconds } = config.get(sweeperSection);
  return {
    intervalMs: intervalSeconds * 1000,
    reclaimSeconds: reclaimInstanceIntervalSeconds,
    serviceDownSeconds: serviceDownTimeSeconds,
  };
}

function confirmTimes(config: Config): ConfirmTimes {
  const { intervalSeconds, resizeConfirmWindowSeconds, serviceDownTimeSeconds } = config.get(sweeperSection);
  return {
    intervalMs: intervalSeconds * 1000,
    windowSeconds: resizeConfirmWindowSeconds,
    serviceDownSeconds: serviceDownTimeSeconds,
  };
}

const collect = (heartbeat: ServiceHeartbeat, ...sweeping: ReadonlyArray<Jobs['sweeping'][number]>): Jobs => ({
  upkeep: [heartbeat],
  sweeping,
});

const shelvedPoll = (config: Config): ShelvedPoll => ({
  intervalMs: config.get(sweeperSection).shelvedPollIntervalSeconds * 1000,
});

/** What a cell's conductor does by itself. */
@Module({
  imports: [CellDatabaseModule, OperationModule],
  providers: [
    ...UPKEEP,
    ServiceHeartbeat,
    ConfirmResizes,
    ReclaimInstances,
    SweepDeeds,
    SweepOperations,
    OffloadShelvedJob,
    { provide: ShelvedPoll, useFactory: shelvedPoll, inject: [Config] },
    { provide: SweepTimes, useFactory: sweepTimes, inject: [Config] },
    { provide: ReclaimTimes, useFactory: reclaimTimes, inject: [Config] },
    { provide: ConfirmTimes, useFactory: confirmTimes, inject: [Config] },
    {
      provide: Jobs,
      useFactory: collect,
      inject: [ServiceHeartbeat, SweepOperations, ReclaimInstances, ConfirmResizes, OffloadShelvedJob],
    },
  ],
})
export class SweepingModule {}
