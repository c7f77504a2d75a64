import { ApiDatabase } from '@kilonova/api-db';
import { ServiceRepository } from '@kilonova/cell-db';
import { type DynamicModule, Module } from '@nestjs/common';
import { CONDUCTOR_HANDLERS } from './rpc/handlers.js';
import { ScheduleAndBuild } from './service/boot/schedule-and-build.service.js';
import type { SuperParts } from './super.parts.js';

@Module({})
class SuperConductorModule {}

/** The handlers of the conductor beside the API. */
export const superConductorModule = (parts: SuperParts): DynamicModule => ({
  module: SuperConductorModule,
  controllers: CONDUCTOR_HANDLERS.super,
  providers: [
    { provide: ScheduleAndBuild, useValue: parts.scheduleAndBuild },
    { provide: ApiDatabase, useValue: parts.api },
    { provide: ServiceRepository, useFactory: () => new ServiceRepository() },
  ],
});
