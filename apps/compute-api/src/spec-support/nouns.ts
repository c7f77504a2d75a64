import type { Route } from '@kilonova/http';
import { AggregateModule } from '../aggregate/aggregate.module.js';
import { aggregateRoutes } from '../aggregate/aggregate.routes.js';
import { AvailabilityZoneModule } from '../availability-zone/availability-zone.module.js';
import { availabilityZoneRoutes } from '../availability-zone/availability-zone.routes.js';
import { ExtensionModule } from '../extension/extension.module.js';
import { extensionRoutes } from '../extension/extension.routes.js';
import { FlavorModule } from '../flavor/flavor.module.js';
import { flavorRoutes } from '../flavor/flavor.routes.js';
import { HostModule } from '../host/host.module.js';
import { hostRoutes } from '../host/host.routes.js';
import { HypervisorModule } from '../hypervisor/hypervisor.module.js';
import { hypervisorRoutes } from '../hypervisor/hypervisor.routes.js';
import { KeyPairModule } from '../key-pair/key-pair.module.js';
import { keyPairRoutes } from '../key-pair/key-pair.routes.js';
import { LimitsModule } from '../limits/limits.module.js';
import { limitsRoutes } from '../limits/limits.routes.js';
import { MigrationModule } from '../migration/migration.module.js';
import { migrationRoutes } from '../migration/migration.routes.js';
import { QuotaModule } from '../quota/quota.module.js';
import { quotaRoutes } from '../quota/quota.routes.js';
import { ServerGroupModule } from '../server-group/server-group.module.js';
import { serverGroupRoutes } from '../server-group/server-group.routes.js';
import { ServiceModule } from '../service/service.module.js';
import { serviceRoutes } from '../service/service.routes.js';
import { UsageModule } from '../usage/usage.module.js';
import { usageRoutes } from '../usage/usage.routes.js';

/** Nouns that need neither images nor an agent. */
export const nounModules = [
  AggregateModule,
  AvailabilityZoneModule,
  ExtensionModule,
  FlavorModule,
  HostModule,
  HypervisorModule,
  KeyPairModule,
  MigrationModule,
  LimitsModule,
  QuotaModule,
  ServerGroupModule,
  ServiceModule,
  UsageModule,
];

export const nounRoutes: readonly Route[] = [
  ...aggregateRoutes,
  ...availabilityZoneRoutes,
  ...extensionRoutes,
  ...flavorRoutes,
  ...hostRoutes,
  ...hypervisorRoutes,
  ...keyPairRoutes,
  ...migrationRoutes,
  ...limitsRoutes,
  ...quotaRoutes,
  ...serverGroupRoutes,
  ...serviceRoutes,
  ...usageRoutes,
];
