import {
  AggregateRepository,
  FlavorRepository,
  HostMappingRepository,
  KeyPairRepository,
  QuotaLedgerRepository,
  QuotaLimitRepository,
  ServerGroupRepository,
} from '@kilonova/api-db';
import type { Route } from '@kilonova/http';
import type { Provider } from '@nestjs/common';
import { AggregateController } from './http/aggregate.controller.js';
import { AvailabilityZoneController } from './http/availability-zone.controller.js';
import { ExtensionController } from './http/extension.controller.js';
import { FlavorController } from './http/flavor.controller.js';
import { FlavorAccessController } from './http/flavor-access.controller.js';
import { FlavorSpecController } from './http/flavor-spec.controller.js';
import { HostController } from './http/host.controller.js';
import { HypervisorController } from './http/hypervisor.controller.js';
import { KeyPairController } from './http/key-pair.controller.js';
import { LimitsController } from './http/limits.controller.js';
import { MigrationController } from './http/migration.controller.js';
import { QuotaClassSetController } from './http/quota-class-set.controller.js';
import { QuotaSetController } from './http/quota-set.controller.js';
import { aggregateRoutes } from './http/routes/aggregate.routes.js';
import { availabilityZoneRoutes } from './http/routes/availability-zone.routes.js';
import { extensionRoutes } from './http/routes/extension.routes.js';
import { flavorRoutes } from './http/routes/flavor.routes.js';
import { hostRoutes } from './http/routes/host.routes.js';
import { hypervisorRoutes } from './http/routes/hypervisor.routes.js';
import { keyPairRoutes } from './http/routes/key-pair.routes.js';
import { migrationRoutes } from './http/routes/migration.routes.js';
import { quotaRoutes } from './http/routes/quota.routes.js';
import { serverGroupRoutes } from './http/routes/server-group.routes.js';
import { serviceRoutes } from './http/routes/service.routes.js';
import { usageRoutes } from './http/routes/usage.routes.js';
import { ServerGroupController } from './http/server-group.controller.js';
import { ServiceController } from './http/service.controller.js';
import { UsageController } from './http/usage.controller.js';
import { UsageAuditController } from './http/usage-audit.controller.js';
import { AggregateNotifier } from './service/aggregate.notifier.js';
import { AggregateService } from './service/aggregate.service.js';
import { AggregateMirror } from './service/aggregate-mirror.service.js';
import { AggregateSweeper } from './service/aggregate-sweeper.service.js';
import { AggregateZoneGuard } from './service/aggregate-zone.guard.js';
import { FlavorNotifier } from './service/flavor.notifier.js';
import { HostDirectory } from './service/host-directory.service.js';
import { HypervisorService } from './service/hypervisor.service.js';
import { KeyPairFactory } from './service/key-pair.factory.js';
import { KeyPairNotifier } from './service/key-pair.notifier.js';
import { KeyPairService } from './service/key-pair.service.js';
import { MigrationService } from './service/migration.service.js';
import { PatternSearch } from './service/pattern-search.service.js';
import { ProjectVerifier } from './service/project-verifier.service.js';
import { QuotaService } from './service/quota.service.js';
import { RsaGenerator } from './service/rsa-generator.service.js';
import { ServerGroupService } from './service/server-group.service.js';
import { ServiceAdmin } from './service/service-admin.service.js';
import { ServiceRemoval } from './service/service-removal.service.js';
import { UsageService } from './service/usage.service.js';

/**
 * Everything beside servers: flavors, key pairs, quotas, hosts and so on. Needs from its surroundings: ApiDatabase, LOGGER,
 * ComputeSettings, CellRegistry, PlacementClient, ProjectDirectory, NotificationEmitter.
 */
export const nounProviders: readonly Provider[] = [
  ...[
    AggregateRepository,
    FlavorRepository,
    HostMappingRepository,
    KeyPairRepository,
    QuotaLedgerRepository,
    QuotaLimitRepository,
    ServerGroupRepository,
  ],
  PatternSearch,
  ...[FlavorNotifier, FlavorController, FlavorAccessController, FlavorSpecController],
  ...[RsaGenerator, KeyPairFactory, KeyPairNotifier, KeyPairService, KeyPairController],
  ...[ProjectVerifier, QuotaService, QuotaSetController, QuotaClassSetController, LimitsController],
  ...[ServerGroupService, ServerGroupController],
  ...[
    HostDirectory,
    ServiceAdmin,
    ServiceRemoval,
    ServiceController,
    HypervisorService,
    HypervisorController,
    HostController,
    AvailabilityZoneController,
  ],
  ...[AggregateZoneGuard, AggregateMirror, AggregateNotifier, AggregateService, AggregateSweeper, AggregateController],
  ...[UsageService, UsageController, UsageAuditController, ExtensionController, MigrationService, MigrationController],
];

/** The rows of all of them. */
export const nounRoutes: readonly Route[] = [
  ...aggregateRoutes,
  ...availabilityZoneRoutes,
  ...extensionRoutes,
  ...flavorRoutes,
  ...hostRoutes,
  ...hypervisorRoutes,
  ...keyPairRoutes,
  ...migrationRoutes,
  ...quotaRoutes,
  ...serverGroupRoutes,
  ...serviceRoutes,
  ...usageRoutes,
];
