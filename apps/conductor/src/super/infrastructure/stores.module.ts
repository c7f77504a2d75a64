import {
  AggregateRepository,
  BootRepository,
  DepartureRepository,
  HostMappingRepository,
  InstanceGroupMemberRepository,
  InstanceMappingRepository,
  QuotaLedgerRepository,
  RequestSpecRepository,
  SchedulingRecordRepository,
} from '@kilonova/api-db';
import {
  BuildRepository,
  BurialRepository,
  ComputeNodeRepository,
  GroupPlacementRepository,
  ImageErrandRepository,
  InstanceRepository,
  MigrationRepository,
  OperationRepository,
  PlacingRepository,
  ServiceRepository,
} from '@kilonova/cell-db';
import { Module } from '@nestjs/common';

const REPOSITORIES = [
  AggregateRepository,
  BootRepository,
  DepartureRepository,
  HostMappingRepository,
  InstanceGroupMemberRepository,
  InstanceMappingRepository,
  QuotaLedgerRepository,
  RequestSpecRepository,
  SchedulingRecordRepository,
  BuildRepository,
  BurialRepository,
  ComputeNodeRepository,
  GroupPlacementRepository,
  ImageErrandRepository,
  InstanceRepository,
  MigrationRepository,
  OperationRepository,
  PlacingRepository,
  ServiceRepository,
];

/** The repositories of both levels. */
@Module({ providers: REPOSITORIES, exports: REPOSITORIES })
export class StoresModule {}
