import { Module } from '@nestjs/common';
import { ServiceBeat } from './beat/service-beat.service.js';
import { SelectionModule } from './selection/selection.module.js';

/** The scheduler: reads placement, cells and the API database, claims in placement, writes to no database. */
@Module({ imports: [SelectionModule], providers: [ServiceBeat] })
export class SchedulerModule {}
