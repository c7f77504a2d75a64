import { type DynamicModule, Module } from '@nestjs/common';
import { BootHandler } from './rpc/boot.handler.js';
import { ScheduleAndBuild } from './service/boot/schedule-and-build.service.js';
import type { SuperParts } from './super.parts.js';

/** The handlers of the conductor beside the API. */
@Module({})
export class SuperConductorModule {
  static of(parts: SuperParts): DynamicModule {
    return {
      module: SuperConductorModule,
      controllers: [BootHandler],
      providers: [{ provide: ScheduleAndBuild, useValue: parts.scheduleAndBuild }],
    };
  }
}
