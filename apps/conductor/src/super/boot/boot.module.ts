import { Config } from '@kilonova/config';
import { PlacementModule } from '@kilonova/placement-client';
import { Module } from '@nestjs/common';
import { conductorSection } from '../../config.js';
import { EventsModule } from '../../events/events.module.js';
import { ApiLevelModule } from '../infrastructure/api-level.module.js';
import { StoresModule } from '../infrastructure/stores.module.js';
import { BootHandler } from './boot.handler.js';
import { BurialPublisher, BurialStores, BuryBoots } from './bury-boots.service.js';
import { AfterDispatch, BootStores, DispatchBuilds } from './dispatch-builds.service.js';
import { RevivalStores, ReviveBoots } from './revive-boots.service.js';
import { BootSteps, ScheduleAndBuild } from './schedule-and-build.service.js';
import { SchedulerClient } from './scheduler.client.js';
import { SchedulingRecorder } from './scheduling-recorder.service.js';
import { SelectHosts } from './select-hosts.service.js';

const publisher = (config: Config): BurialPublisher => {
  const { host, usePendingState: waitsForRoom } = config.get(conductorSection);
  return { host, now: () => new Date(), waitsForRoom };
};

/** Boots: from an accepted request to a host, or to cell0. */
@Module({
  imports: [ApiLevelModule, StoresModule, PlacementModule, EventsModule],
  controllers: [BootHandler],
  providers: [
    ScheduleAndBuild,
    BootSteps,
    SelectHosts,
    SchedulerClient,
    SchedulingRecorder,
    DispatchBuilds,
    BootStores,
    AfterDispatch,
    BuryBoots,
    BurialStores,
    ReviveBoots,
    RevivalStores,
    { provide: BurialPublisher, useFactory: publisher, inject: [Config] },
  ],
  exports: [DispatchBuilds, BootStores, SelectHosts, ReviveBoots],
})
export class BootModule {}
