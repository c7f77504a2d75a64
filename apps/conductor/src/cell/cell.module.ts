import { cellChecks } from '@kilonova/manage';
import { PlacementClient, PlacementModule } from '@kilonova/placement-client';
import { startGate } from '@kilonova/service';
import { Module } from '@nestjs/common';
import { OwnDatabase } from '../sweeping/own-database.js';
import { HostModule } from './host/host.module.js';
import { CellDatabaseModule } from './infrastructure/cell-database.module.js';
import { OperationModule } from './operation/operation.module.js';
import { SweepingModule } from './sweeping/sweeping.module.js';

const gate = startGate([OwnDatabase, PlacementClient], (own: OwnDatabase, placement: PlacementClient) =>
  cellChecks(() => own.sql(), placement),
);

/** The conductor inside a cell. Nothing of the API level is within its reach. */
@Module({ imports: [OperationModule, HostModule, SweepingModule, CellDatabaseModule, PlacementModule], providers: [gate] })
export class CellConductorModule {}
