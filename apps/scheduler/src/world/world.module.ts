import { ApiCellMappings, ApiDatabase, openApiDatabase } from '@kilonova/api-db';
import { CellRegistry, openCells } from '@kilonova/cells';
import { Config } from '@kilonova/config';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { apiDatabaseSection, cellsSection } from '../config.js';
import { CellsWorld } from './cells.world.js';
import { SchedulingWorld } from './world.port.js';

const openApi = (config: Config): ApiDatabase => openApiDatabase(config.get(apiDatabaseSection), 'scheduler');

const cellsOf = (config: Config, api: ApiDatabase): CellRegistry =>
  openCells(new ApiCellMappings(() => api.sql()), config.get(cellsSection), {
    name: 'scheduler',
    apiDatabaseUrl: config.get(apiDatabaseSection).url,
  });

const openWorld = (cells: CellRegistry, api: ApiDatabase, logger: Logger): SchedulingWorld =>
  new CellsWorld(
    cells,
    () => api.sql(),
    (cell, error) => logger.warn({ cell, err: error }, 'a cell did not answer; its hosts are left out'),
  );

/** What the scheduler reads of cells and API database. */
@Module({
  providers: [
    { provide: ApiDatabase, useFactory: openApi, inject: [Config] },
    { provide: CellRegistry, useFactory: cellsOf, inject: [Config, ApiDatabase] },
    { provide: SchedulingWorld, useFactory: openWorld, inject: [CellRegistry, ApiDatabase, LOGGER] },
  ],
  exports: [SchedulingWorld],
})
export class WorldModule implements OnApplicationShutdown {
  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.cells.close(), this.api.close()]);
  }
}
