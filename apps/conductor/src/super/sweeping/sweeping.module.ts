import { Config } from '@kilonova/config';
import { PlacementModule } from '@kilonova/placement-client';
import { Module } from '@nestjs/common';
import { ServiceHeartbeat } from '../../sweeping/heartbeat.job.js';
import { Jobs } from '../../sweeping/jobs.js';
import { UPKEEP } from '../../sweeping/upkeep.providers.js';
import { BootModule } from '../boot/boot.module.js';
import { ImageModule } from '../image/image.module.js';
import { ApiLevelModule } from '../infrastructure/api-level.module.js';
import { StoresModule } from '../infrastructure/stores.module.js';
import { CompareQuota, QuotaStores } from './compare-quota.job.js';
import { ForgetOld } from './forget-old.job.js';
import { KeepRelays } from './keep-relays.job.js';
import { RecallBuilds, RecallRelays } from './recall-builds.job.js';
import { RecastOverdue } from './recast-overdue.job.js';
import { OrphanStores, ReleaseOrphans } from './release-orphans.job.js';
import { ReviveOverdue } from './revive-overdue.job.js';
import { SettleStragglers } from './settle-stragglers.job.js';
import { SweepTimes, sweepTimes } from './sweep-times.js';
import { TendWaitingImages } from './tend-waiting-images.job.js';

const UPKEEP_JOBS = [ServiceHeartbeat, KeepRelays];
const SWEEPING_JOBS = [
  RecastOverdue,
  ReviveOverdue,
  SettleStragglers,
  RecallBuilds,
  ReleaseOrphans,
  CompareQuota,
  TendWaitingImages,
  ForgetOld,
];

const collect = (...jobs: ReadonlyArray<Jobs['upkeep'][number]>): Jobs => ({
  upkeep: jobs.slice(0, UPKEEP_JOBS.length),
  sweeping: jobs.slice(UPKEEP_JOBS.length),
});

/** What the conductor beside the API does by itself. */
@Module({
  imports: [ApiLevelModule, StoresModule, BootModule, ImageModule, PlacementModule],
  providers: [
    ...UPKEEP,
    ...UPKEEP_JOBS,
    ...SWEEPING_JOBS,
    OrphanStores,
    QuotaStores,
    RecallRelays,
    { provide: SweepTimes, useFactory: sweepTimes, inject: [Config] },
    { provide: Jobs, useFactory: collect, inject: [...UPKEEP_JOBS, ...SWEEPING_JOBS] },
  ],
})
export class SweepingModule {}
