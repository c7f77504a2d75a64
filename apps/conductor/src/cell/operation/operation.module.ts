import { Config } from '@kilonova/config';
import { PlacementModule } from '@kilonova/placement-client';
import { Module } from '@nestjs/common';
import { conductorSection } from '../../config.js';
import { EventsModule } from '../../events/events.module.js';
import { CellDatabaseModule } from '../infrastructure/cell-database.module.js';
import { AdmitMoves, AdmitOptions } from './admit-moves.service.js';
import { FinishEvacuations } from './finish-evacuations.service.js';
import { FinishStep } from './finish-step.service.js';
import { OffloadShelved, OffloadTimes } from './offload-shelved.service.js';
import { OperationHandler } from './operation.handler.js';
import { RescheduleHandler } from './reschedule.handler.js';
import { AfterBuild, RescheduleBuild, RescheduleStores } from './reschedule-build.service.js';
import { TakeStep } from './take-step.service.js';
import { WindUp, WindUpStores } from './wind-up.service.js';

const admitOptions = (config: Config): AdmitOptions => ({
  liveMigrationsAHost: config.get(conductorSection).maxConcurrentLiveMigrations,
});
const offloadTimes = (config: Config): OffloadTimes => ({ offloadSeconds: config.get(conductorSection).shelvedOffloadSeconds });

/** The steps of operations in this cell. */
@Module({
  imports: [CellDatabaseModule, PlacementModule, EventsModule],
  controllers: [OperationHandler, RescheduleHandler],
  providers: [
    AdmitMoves,
    { provide: AdmitOptions, useFactory: admitOptions, inject: [Config] },
    TakeStep,
    FinishEvacuations,
    FinishStep,
    RescheduleBuild,
    RescheduleStores,
    AfterBuild,
    WindUp,
    WindUpStores,
    OffloadShelved,
    { provide: OffloadTimes, useFactory: offloadTimes, inject: [Config] },
  ],
  exports: [AdmitMoves, AfterBuild, OffloadShelved],
})
export class OperationModule {}
