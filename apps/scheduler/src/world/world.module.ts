import { ApiCellMappings } from '@kilonova/api-db';
import { CellRegistry, cellConnections, MappedCellRegistry } from '@kilonova/cells';
import { Config } from '@kilonova/config';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { createDataSource, ensureInitialized } from '@kilonova/sql';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { databaseSection } from '../config.js';
import { CellsWorld } from './cells.world.js';
import { SchedulingWorld } from './world.port.js';

/** Age at which the list of cells is read again, milliseconds. */
const CELLS_AGE_MS = 5_000;
/** Longest time that a cell is left alone after it did not answer, milliseconds. */
const BREAKER_RESET_MS = 2_000;

function openApi(config: Config): DataSource {
  const { url, poolSize, cellTimeoutSeconds } = config.get(databaseSection);
  return createDataSource({ url, name: 'scheduler', poolSize, statementTimeoutMs: cellTimeoutSeconds * 1000 });
}

function openCells(config: Config, api: DataSource): CellRegistry {
  const { url, cellPoolSize, cellTimeoutSeconds } = config.get(databaseSection);
  const deadlineMs = cellTimeoutSeconds * 1000;
  const connections = cellConnections({
    name: 'scheduler',
    poolSize: cellPoolSize,
    statementTimeoutMs: deadlineMs,
    databaseBase: url,
  });
  const limits = { refreshMs: CELLS_AGE_MS, deadlineMs, breakerResetMs: BREAKER_RESET_MS };
  return new MappedCellRegistry(new ApiCellMappings(() => ensureInitialized(api)), connections, limits);
}

const openWorld = (cells: CellRegistry, api: DataSource, logger: Logger): SchedulingWorld =>
  new CellsWorld(
    cells,
    () => ensureInitialized(api),
    (cell, error) => logger.warn({ cell, err: error }, 'a cell did not answer; its hosts are left out'),
  );

/** What the scheduler reads of cells and API database. */
@Module({
  providers: [
    { provide: DataSource, useFactory: openApi, inject: [Config] },
    { provide: CellRegistry, useFactory: openCells, inject: [Config, DataSource] },
    { provide: SchedulingWorld, useFactory: openWorld, inject: [CellRegistry, DataSource, LOGGER] },
  ],
  exports: [SchedulingWorld],
})
export class WorldModule implements OnApplicationShutdown {
  constructor(
    private readonly api: DataSource,
    private readonly cells: CellRegistry,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.cells.close(), this.api.isInitialized ? this.api.destroy() : undefined]);
  }
}
