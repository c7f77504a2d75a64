import { ApiDatabase } from '@kilonova/api-db';
import { CellRegistry } from '@kilonova/cells';
import { apiLevelChecks } from '@kilonova/manage';
import { PlacementClient, PlacementModule } from '@kilonova/placement-client';
import { startGate } from '@kilonova/service';
import { Module } from '@nestjs/common';
import { BootModule } from './boot/boot.module.js';
import { DepartureModule } from './departure/departure.module.js';
import { ImageModule } from './image/image.module.js';
import { ApiLevelModule } from './infrastructure/api-level.module.js';
import { MoveModule } from './move/move.module.js';
import { ServiceModule } from './service/service.module.js';
import { SweepingModule } from './sweeping/sweeping.module.js';

const gate = startGate(
  [ApiDatabase, CellRegistry, PlacementClient],
  (api: ApiDatabase, cells: CellRegistry, placement: PlacementClient) => apiLevelChecks({ api, cells, placement }),
);

const PARTS = [BootModule, DepartureModule, ImageModule, MoveModule, ServiceModule, SweepingModule];

/** The conductor beside the API. */
@Module({ imports: [...PARTS, ApiLevelModule, PlacementModule], providers: [gate] })
export class SuperConductorModule {}
