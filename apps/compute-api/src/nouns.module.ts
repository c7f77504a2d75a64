import { AggregateRepository, FlavorRepository, HostMappingRepository, KeyPairRepository, QuotaLedgerRepository, QuotaLimitRepository, ServerGroupRepository } from '@kilonova/api-db';
import type { Route } from '@kilonova/http';
import type { Provider } from '@nestjs/common';
import { FlavorController } from './http/flavor.controller.js';
import { FlavorAccessController } from './http/flavor-access.controller.js';
import { FlavorSpecController } from './http/flavor-spec.controller.js';
import { KeyPairController } from './http/key-pair.controller.js';
import { LimitsController } from './http/limits.controller.js';
import { QuotaClassSetController } from './http/quota-class-set.controller.js';
import { QuotaSetController } from './http/quota-set.controller.js';
import { flavorRoutes } from './http/routes/flavor.routes.js';
import { keyPairRoutes } from './http/routes/key-pair.routes.js';
import { quotaRoutes } from './http/routes/quota.routes.js';
import { serverGroupRoutes } from './http/routes/server-group.routes.js';
import { ServerGroupController } from './http/server-group.controller.js';
import { FlavorNotifier } from './service/flavor.notifier.js';
import { KeyPairFactory } from './service/key-pair.factory.js';
import { KeyPairNotifier } from './service/key-pair.notifier.js';
import { KeyPairService } from './service/key-pair.service.js';
import { QuotaService } from './service/quota.service.js';
import { ServerGroupService } from './service/server-group.service.js';

/**
 * Everything beside servers: flavors, key pairs, quotas, hosts and so on. Needs from its surroundings: ApiDatabase, LOGGER,
 * ComputeSettings, CellRegistry, Placement, NotificationEmitter.
 */
export const nounProviders: readonly Provider[] = [
  ...[AggregateRepository, FlavorRepository, HostMappingRepository, KeyPairRepository, QuotaLedgerRepository, QuotaLimitRepository, ServerGroupRepository],
  ...[FlavorNotifier, FlavorController, FlavorAccessController, FlavorSpecController],
  ...[KeyPairFactory, KeyPairNotifier, KeyPairService, KeyPairController],
  ...[QuotaService, QuotaSetController, QuotaClassSetController, LimitsController],
  ...[ServerGroupService, ServerGroupController],
];

/** The rows of all of them. */
export const nounRoutes: readonly Route[] = [...flavorRoutes, ...keyPairRoutes, ...quotaRoutes, ...serverGroupRoutes];
