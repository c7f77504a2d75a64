import { PlacementModule } from '@kilonova/placement-client';
import { Module } from '@nestjs/common';
import { EventsModule } from '../../events/events.module.js';
import { CellDatabaseModule } from '../infrastructure/cell-database.module.js';
import { FinishStep } from './finish-step.service.js';
import { OperationHandler } from './operation.handler.js';
import { RescheduleHandler } from './reschedule.handler.js';
import { AfterBuild, RescheduleBuild, RescheduleStores } from './reschedule-build.service.js';
import { TakeStep } from './take-step.service.js';
import { WindUp, WindUpStores } from './wind-up.service.js';

/** The steps of operations in this cell. */
@Module({
  imports: [CellDatabaseModule, PlacementModule, EventsModule],
  controllers: [OperationHandler, RescheduleHandler],
  providers: [TakeStep, FinishStep, RescheduleBuild, RescheduleStores, AfterBuild, WindUp, WindUpStores],
  exports: [AfterBuild],
})
export class OperationModule {}
