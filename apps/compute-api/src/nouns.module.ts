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
import { AggregateController } from './aggregate/aggregate.controller.js';
import { AggregateNotifier } from './aggregate/aggregate.notifier.js';
import { aggregateRoutes } from './aggregate/aggregate.routes.js';
import { AggregateService } from './aggregate/aggregate.service.js';
import { AggregateMirror } from './aggregate/aggregate-mirror.service.js';
import { AggregateSweeper } from './aggregate/aggregate-sweeper.service.js';
import { AggregateZoneGuard } from './aggregate/aggregate-zone.guard.js';
import { AvailabilityZoneController } from './availability-zone/availability-zone.controller.js';
import { availabilityZoneRoutes } from './availability-zone/availability-zone.routes.js';
import { PatternSearch } from './common/pattern-search.service.js';
import { ProjectVerifier } from './common/project-verifier.service.js';
import { ExtensionController } from './extension/extension.controller.js';
import { extensionRoutes } from './extension/extension.routes.js';
import { FlavorController } from './flavor/flavor.controller.js';
import { FlavorNotifier } from './flavor/flavor.notifier.js';
import { flavorRoutes } from './flavor/flavor.routes.js';
import { FlavorAccessController } from './flavor/flavor-access.controller.js';
import { FlavorSpecController } from './flavor/flavor-spec.controller.js';
import { HostController } from './host/host.controller.js';
import { hostRoutes } from './host/host.routes.js';
import { HostDirectory } from './host-directory/host-directory.service.js';
import { HypervisorController } from './hypervisor/hypervisor.controller.js';
import { hypervisorRoutes } from './hypervisor/hypervisor.routes.js';
import { HypervisorService } from './hypervisor/hypervisor.service.js';
import { KeyPairController } from './key-pair/key-pair.controller.js';
import { KeyPairFactory } from './key-pair/key-pair.factory.js';
import { KeyPairNotifier } from './key-pair/key-pair.notifier.js';
import { keyPairRoutes } from './key-pair/key-pair.routes.js';
import { KeyPairService } from './key-pair/key-pair.service.js';
import { RsaGenerator } from './key-pair/rsa-generator.service.js';
import { LimitsController } from './limits/limits.controller.js';
import { MigrationController } from './migration/migration.controller.js';
import { migrationRoutes } from './migration/migration.routes.js';
import { MigrationService } from './migration/migration.service.js';
import { quotaRoutes } from './quota/quota.routes.js';
import { QuotaService } from './quota/quota.service.js';
import { QuotaClassSetController } from './quota/quota-class-set.controller.js';
import { QuotaSetController } from './quota/quota-set.controller.js';
import { ServerGroupController } from './server-group/server-group.controller.js';
import { serverGroupRoutes } from './server-group/server-group.routes.js';
import { ServerGroupService } from './server-group/server-group.service.js';
import { ServiceController } from './service/service.controller.js';
import { serviceRoutes } from './service/service.routes.js';
import { ServiceAdmin } from './service/service-admin.service.js';
import { ServiceRemoval } from './service/service-removal.service.js';
import { UsageController } from './usage/usage.controller.js';
import { usageRoutes } from './usage/usage.routes.js';
import { UsageService } from './usage/usage.service.js';
import { UsageAuditController } from './usage/usage-audit.controller.js';

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
