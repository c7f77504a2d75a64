import { ApiCellMappings, ApiDatabase, openApiDatabase } from '@kilonova/api-db';
import { CellRegistry, CellRelays, openCells } from '@kilonova/cells';
import { Config } from '@kilonova/config';
import { type BusObserver, MessageBus, OutboxRelay, outboxMetrics } from '@kilonova/messaging';
import { type Logger, Metrics } from '@kilonova/observability';
import { BUS_OBSERVER, LOGGER } from '@kilonova/service';
import { type BeforeApplicationShutdown, Module, type OnApplicationShutdown } from '@nestjs/common';
import { apiDatabaseSection, cellsSection, conductorSection, messagingSection } from '../../config.js';
import { OwnDatabase } from '../../sweeping/own-database.js';

const openApi = (config: Config): ApiDatabase => openApiDatabase(config.get(apiDatabaseSection), 'conductor');

function cellsOf(config: Config, api: ApiDatabase, log: Logger, observe: BusObserver): CellRegistry {
  const { url, statementTimeoutSeconds } = config.get(apiDatabaseSection);
  return openCells(new ApiCellMappings(() => api.sql()), config.get(cellsSection), {
    name: 'conductor',
    apiDatabaseUrl: url,
    bus: { queueType: config.get(messagingSection).queueType, log, observe },
    statementTimeoutSeconds,
  });
}

const openRelay = (config: Config, api: ApiDatabase, bus: MessageBus, log: Logger): OutboxRelay =>
  new OutboxRelay({ dataSource: api.outbox, bus, pollMs: config.get(conductorSection).relayPollMs, log });

const openRelays = (config: Config, apiBus: MessageBus, log: Logger): CellRelays =>
  new CellRelays({ pollMs: config.get(conductorSection).relayPollMs, log, apiBus });

/** The API database with its outbox, and the cells with theirs. */
@Module({
  providers: [
    { provide: ApiDatabase, useFactory: openApi, inject: [Config] },
    { provide: OwnDatabase, useExisting: ApiDatabase },
    { provide: CellRegistry, useFactory: cellsOf, inject: [Config, ApiDatabase, LOGGER, BUS_OBSERVER] },
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
