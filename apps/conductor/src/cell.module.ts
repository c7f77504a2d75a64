import { InstanceRepository, ServiceRepository, StepRepository } from '@kilonova/cell-db';
import { type DynamicModule, Module } from '@nestjs/common';
import type { CellParts } from './cell.parts.js';
import { CONDUCTOR_HANDLERS } from './rpc/handlers.js';
import { ReportHost } from './service/host/report-host.service.js';
import { FinishStep } from './service/operation/finish-step.service.js';
import { RescheduleBuild } from './service/operation/reschedule-build.service.js';
import { TakeStep } from './service/operation/take-step.service.js';
import { CELL_SQL } from './tokens.js';

@Module({})
class CellConductorModule {}

/** The handlers of a cell's conductor. */
export const cellConductorModule = (parts: CellParts): DynamicModule => ({
  module: CellConductorModule,
  controllers: CONDUCTOR_HANDLERS.cell,
  providers: [
    { provide: CELL_SQL, useValue: parts.sql },
    { provide: TakeStep, useValue: parts.takeStep },
    { provide: FinishStep, useValue: parts.finishStep },
    { provide: RescheduleBuild, useValue: parts.rescheduleBuild },
    { provide: ReportHost, useValue: parts.reportHost },
    { provide: StepRepository, useValue: parts.steps },
    { provide: InstanceRepository, useFactory: () => new InstanceRepository() },
    { provide: ServiceRepository, useFactory: () => new ServiceRepository() },
  ],
});
