import { ApiDatabase } from '@kilonova/api-db';
import { CellRegistry } from '@kilonova/cells';
import { apiLevelChecks } from '@kilonova/manage';
import { PlacementClient, PlacementModule } from '@kilonova/placement-client';
import { startGate } from '@kilonova/service';
import { Module } from '@nestjs/common';
import { ServiceBeat } from './beat/service-beat.service.js';
import { SelectionModule } from './selection/selection.module.js';
import { WorldModule } from './world/world.module.js';

const gate = startGate(
  [ApiDatabase, CellRegistry, PlacementClient],
  (api: ApiDatabase, cells: CellRegistry, placement: PlacementClient) => apiLevelChecks({ api, cells, placement }),
);

/** The scheduler: reads placement, cells and the API database, claims in placement, writes to no database. */
@Module({ imports: [SelectionModule, WorldModule, PlacementModule], providers: [ServiceBeat, gate] })
export class SchedulerModule {}
