import { ApiCellMappings, ApiDatabase } from '@kilonova/api-db';
import { CellRegistry, CellRelays, cellConnections, MappedCellRegistry } from '@kilonova/cells';
import { Config } from '@kilonova/config';
import { type BusObserver, MessageBus, OutboxRelay, outboxMetrics } from '@kilonova/messaging';
import { type Logger, Metrics } from '@kilonova/observability';
import { BUS_OBSERVER, LOGGER } from '@kilonova/service';
import { createDataSource } from '@kilonova/sql';
import { type BeforeApplicationShutdown, Module, type OnApplicationShutdown } from '@nestjs/common';
import { apiDatabaseSection, conductorSection, messagingSection } from '../../config.js';
import { OwnDatabase } from '../../sweeping/own-database.js';

/** Longest time that a cell is left alone after it did not answer, milliseconds. */
const BREAKER_RESET_MS = 2_000;

function openApi(config: Config): ApiDatabase {
  const { url, poolSize, statementTimeoutSeconds } = config.get(apiDatabaseSection);
  return new ApiDatabase(
    createDataSource({ url, name: 'conductor', poolSize, statementTimeoutMs: statementTimeoutSeconds * 1000 }),
  );
}

function openCells(config: Config, api: ApiDatabase, log: Logger, observe: BusObserver): CellRegistry {
  const { url, cellPoolSize, cellTimeoutSeconds, cellRefreshSeconds, statementTimeoutSeconds } = config.get(apiDatabaseSection);
  const connections = cellConnections({
    name: 'conductor',
    poolSize: cellPoolSize,
    statementTimeoutMs: statementTimeoutSeconds * 1000,
    databaseBase: url,
    bus: { queueType: config.get(messagingSection).queueType, log, observe },
  });
  const limits = {
    refreshMs: cellRefreshSeconds * 1000,
    deadlineMs: cellTimeoutSeconds * 1000,
    breakerResetMs: BREAKER_RESET_MS,
  };
  return new MappedCellRegistry(new ApiCellMappings(() => api.sql()), connections, limits);
}

const openRelay = (config: Config, api: ApiDatabase, bus: MessageBus, log: Logger): OutboxRelay =>
  new OutboxRelay({ dataSource: api, bus, pollMs: config.get(conductorSection).relayPollMs, log });

const openRelays = (config: Config, apiBus: MessageBus, log: Logger): CellRelays =>
  new CellRelays({ pollMs: config.get(conductorSection).relayPollMs, log, apiBus });

/** The API database with its outbox, and the cells with theirs. */
@Module({
  providers: [
    { provide: ApiDatabase, useFactory: openApi, inject: [Config] },
    { provide: OwnDatabase, useExisting: ApiDatabase },
    { provide: CellRegistry, useFactory: openCells, inject: [Config, ApiDatabase, LOGGER, BUS_OBSERVER] },
    { provide: OutboxRelay, useFactory: openRelay, inject: [Config, ApiDatabase, MessageBus, LOGGER] },
    { provide: CellRelays, useFactory: openRelays, inject: [Config, MessageBus, LOGGER] },
  ],
  exports: [ApiDatabase, OwnDatabase, CellRegistry, OutboxRelay, CellRelays],
})
export class ApiLevelModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly relays: CellRelays,
    outbox: OutboxRelay,
    metrics: Metrics,
  ) {
    outboxMetrics(metrics, 'api', outbox);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.relays.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.cells.close();
    await this.api.close();
  }
}
