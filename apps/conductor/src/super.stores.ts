import {
  BootRepository,
  DepartureRepository,
  InstanceGroupMemberRepository,
  InstanceMappingRepository,
  QuotaLedgerRepository,
  SchedulingRecordRepository,
} from '@kilonova/api-db';
import {
  BuildRepository,
  BurialRepository,
  ComputeNodeRepository,
  GroupPlacementRepository,
  InstanceRepository,
  MigrationRepository,
  ServiceRepository,
} from '@kilonova/cell-db';

/** The stores of both levels. */
export const superStores = () => ({
  boots: new BootRepository(),
  mappings: new InstanceMappingRepository(),
  departures: new DepartureRepository(),
  ledger: new QuotaLedgerRepository(),
  members: new InstanceGroupMemberRepository(),
  records: new SchedulingRecordRepository(),
  builds: new BuildRepository(),
  burials: new BurialRepository(),
  placements: new GroupPlacementRepository(),
  nodes: new ComputeNodeRepository(),
  instances: new InstanceRepository(),
  migrations: new MigrationRepository(),
  services: new ServiceRepository(),
});

export type SuperStores = ReturnType<typeof superStores>;
