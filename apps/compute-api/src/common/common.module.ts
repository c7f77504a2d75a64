import {
  AggregateRepository,
  BuildRequestRepository,
  DepartureRepository,
  FlavorRepository,
  HostMappingRepository,
  KeyPairRepository,
  QuotaLedgerRepository,
  QuotaLimitRepository,
  SchedulingRecordRepository,
  ServerGroupRepository,
} from '@kilonova/api-db';
import {
  ConsoleTokenRepository,
  InstanceActionRepository,
  InstanceRepository,
  LiveMigrationRepository,
  MigrationRepository,
  OperationRepository,
  SoftDeleteRepository,
} from '@kilonova/cell-db';
import type { DynamicModule, Provider } from '@nestjs/common';
import { PatternSearch } from './pattern-search.service.js';
import { ProjectVerifier } from './project-verifier.service.js';

/** They hold nothing: each statement is told its database. */
const repositories: readonly Provider[] = [
  AggregateRepository,
  BuildRequestRepository,
  ConsoleTokenRepository,
  DepartureRepository,
  FlavorRepository,
  HostMappingRepository,
  InstanceActionRepository,
  InstanceRepository,
  LiveMigrationRepository,
  KeyPairRepository,
  MigrationRepository,
  OperationRepository,
  QuotaLedgerRepository,
  QuotaLimitRepository,
  SchedulingRecordRepository,
  ServerGroupRepository,
  SoftDeleteRepository,
];

/** What every noun may be given: the surroundings of the process, repositories, and what more than one noun needs. */
export class CommonModule {
  /** @param surroundings databases, cells, other services, settings, logger, as providers */
  static with(surroundings: readonly Provider[]): DynamicModule {
    const providers = [...surroundings, ...repositories, PatternSearch, ProjectVerifier];
    return { module: CommonModule, global: true, providers, exports: providers };
  }
}
