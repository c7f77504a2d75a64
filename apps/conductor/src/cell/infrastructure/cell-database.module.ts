import {
  BuildRepository,
  ComputeNodeRepository,
  GroupPlacementRepository,
  GuestDeviceRepository,
  InstanceRepository,
  MigrationRepository,
  NetworkInfoRepository,
  OperationRepository,
  OperationSweepRepository,
  PlacingRepository,
  PowerRepository,
  RebuildRepository,
  ServiceRepository,
  SoftDeleteRepository,
  StepRepository,
  TurnRepository,
} from '@kilonova/cell-db';
import { Config } from '@kilonova/config';
import { MessageBus, OutboxRelay, outboxMetrics } from '@kilonova/messaging';
import { type Logger, Metrics } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { createDataSource, ensureInitialized, preparedSource } from '@kilonova/sql';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { cellSection, conductorSection } from '../../config.js';
import { OwnDatabase } from '../../sweeping/own-database.js';
import { operationMetrics } from '../operation/operation-metrics.js';

const REPOSITORIES = [
  BuildRepository,
  ComputeNodeRepository,
  GroupPlacementRepository,
  GuestDeviceRepository,
  InstanceRepository,
  MigrationRepository,
  OperationRepository,
  OperationSweepRepository,
  NetworkInfoRepository,
  PowerRepository,
  PlacingRepository,
  RebuildRepository,
  ServiceRepository,
  SoftDeleteRepository,
  StepRepository,
  TurnRepository,
];

function openDatabase(config: Config): DataSource {
  const { databaseUrl: url, poolSize, statementTimeoutSeconds } = config.get(cellSection);
  return createDataSource({ url, name: 'cell conductor', poolSize, statementTimeoutMs: statementTimeoutSeconds * 1000 });
}

const openRelay = (config: Config, source: DataSource, bus: MessageBus, log: Logger): OutboxRelay =>
  new OutboxRelay({
    dataSource: preparedSource(source),
    bus,
    level: 'cell',
    pollMs: config.get(conductorSection).relayPollMs,
    log,
  });

const ownDatabase = (source: DataSource): OwnDatabase => ({ sql: () => ensureInitialized(source) });

/** The cell's own database with its outbox. A cell conductor knows no other. */
@Module({
  providers: [
    ...REPOSITORIES,
    { provide: DataSource, useFactory: openDatabase, inject: [Config] },
    { provide: OwnDatabase, useFactory: ownDatabase, inject: [DataSource] },
    { provide: OutboxRelay, useFactory: openRelay, inject: [Config, DataSource, MessageBus, LOGGER] },
  ],
  exports: [...REPOSITORIES, DataSource, OwnDatabase, OutboxRelay],
})
export class CellDatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly source: DataSource,
    outbox: OutboxRelay,
    operations: OperationRepository,
    metrics: Metrics,
  ) {
    outboxMetrics(metrics, 'cell', outbox);
    operationMetrics(metrics, () => operations.counts(source));
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}
