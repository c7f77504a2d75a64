import { ApiCellMappings, ApiDatabase, openApiDatabase } from '@kilonova/api-db';
import { CellRegistry, openCells } from '@kilonova/cells';
import { Config } from '@kilonova/config';
import { type Logger, Metrics } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { apiDatabaseSection, cellsSection, schedulerSection } from '../config.js';
import { AggregatePicture } from './aggregate-picture.js';
import { CellsWorld } from './cells.world.js';
import { HostPicture } from './host-picture.js';
import { PictureKeeper } from './picture-keeper.service.js';
import { pictureMetrics } from './picture-metrics.js';
import { SchedulingWorld } from './world.port.js';

const openApi = (config: Config): ApiDatabase => openApiDatabase(config.get(apiDatabaseSection), 'scheduler');

const cellsOf = (config: Config, api: ApiDatabase): CellRegistry =>
  openCells(new ApiCellMappings(() => api.sql()), config.get(cellsSection), {
    name: 'scheduler',
    apiDatabaseUrl: config.get(apiDatabaseSection).url,
  });

/** A part of the picture that is older than so many refreshes is read before it is used. */
const STALE_REFRESHES = 4;

function openWorld(config: Config, cells: CellRegistry, api: ApiDatabase, logger: Logger, metrics: Metrics): SchedulingWorld {
  const { serviceDownTimeSeconds: downSeconds, pictureRefreshSeconds } = config.get(schedulerSection);
  const staleMs = pictureRefreshSeconds * 1000 * STALE_REFRESHES;
  const tell = (cell: string, error: unknown) =>
    logger.warn({ cell, err: error }, 'a cell did not answer; its hosts are left out');
  const picture = new HostPicture(cells, { downSeconds, staleMs }, tell);
  pictureMetrics(metrics, picture);
  return new CellsWorld(cells, picture, new AggregatePicture(() => api.sql(), staleMs), tell);
}

/** What the scheduler reads of cells and API database. */
@Module({
  providers: [
    { provide: ApiDatabase, useFactory: openApi, inject: [Config] },
    { provide: CellRegistry, useFactory: cellsOf, inject: [Config, ApiDatabase] },
    { provide: SchedulingWorld, useFactory: openWorld, inject: [Config, CellRegistry, ApiDatabase, LOGGER, Metrics] },
    PictureKeeper,
  ],
  exports: [ApiDatabase, CellRegistry, SchedulingWorld],
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
