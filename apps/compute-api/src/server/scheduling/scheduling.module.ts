import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { SchedulingController } from './scheduling.controller.js';

@Module({ imports: [ServerCoreModule], providers: [SchedulingController] })
export class SchedulingModule {}
