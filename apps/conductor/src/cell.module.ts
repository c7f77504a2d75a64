import { InstanceActionRepository, InstanceArchive, InstanceRepository, ServiceRepository } from '@kilonova/cell-db';
import { type DynamicModule, Module } from '@nestjs/common';
import type { CellParts } from './cell.parts.js';
import { CONDUCTOR_HANDLERS } from './rpc/handlers.js';
import { BeginBuild } from './service/build/begin-build.service.js';
import { RetryBuild } from './service/build/retry-build.service.js';
import { ReportHost } from './service/host/report-host.service.js';
import { UpdateInstance } from './service/instance/update-instance.service.js';
import { CELL_SQL } from './tokens.js';

@Module({})
class CellConductorModule {}

/** The handlers of a cell's conductor. */
export const cellConductorModule = (parts: CellParts): DynamicModule => ({
  module: CellConductorModule,
  controllers: CONDUCTOR_HANDLERS.cell,
  providers: [
    { provide: CELL_SQL, useValue: parts.sql },
    { provide: BeginBuild, useValue: parts.beginBuild },
    { provide: RetryBuild, useValue: parts.retryBuild },
    { provide: ReportHost, useValue: parts.reportHost },
    { provide: InstanceRepository, useFactory: () => new InstanceRepository() },
    { provide: UpdateInstance, useFactory: () => new UpdateInstance(parts.sql, new InstanceRepository()) },
    { provide: InstanceArchive, useFactory: () => new InstanceArchive() },
    { provide: InstanceActionRepository, useFactory: () => new InstanceActionRepository() },
    { provide: ServiceRepository, useFactory: () => new ServiceRepository() },
  ],
});
