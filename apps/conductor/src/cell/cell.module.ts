import { Module } from '@nestjs/common';
import { HostModule } from './host/host.module.js';
import { OperationModule } from './operation/operation.module.js';
import { SweepingModule } from './sweeping/sweeping.module.js';

/** The conductor inside a cell. Nothing of the API level is within its reach. */
@Module({ imports: [OperationModule, HostModule, SweepingModule] })
export class CellConductorModule {}
