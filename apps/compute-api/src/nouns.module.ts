import { AggregateRepository, FlavorRepository, HostMappingRepository, KeyPairRepository, QuotaLedgerRepository, QuotaLimitRepository, ServerGroupRepository } from '@kilonova/api-db';
import type { Route } from '@kilonova/http';
import type { Provider } from '@nestjs/common';
import { FlavorController } from './http/flavor.controller.js';
import { FlavorAccessController } from './http/flavor-access.controller.js';
import { FlavorSpecController } from './http/flavor-spec.controller.js';
import { flavorRoutes } from './http/routes/flavor.routes.js';
import { FlavorNotifier } from './service/flavor.notifier.js';

/**
 * Everything beside servers: flavors, key pairs, quotas, hosts and so on. Needs from its surroundings: API_SQL, LOGGER,
 * ComputeSettings, CellRegistry, PlacementClient, NotificationEmitter.
 */
export const nounProviders: readonly Provider[] = [
  ...[AggregateRepository, FlavorRepository, HostMappingRepository, KeyPairRepository, QuotaLedgerRepository, QuotaLimitRepository, ServerGroupRepository],
  ...[FlavorNotifier, FlavorController, FlavorAccessController, FlavorSpecController],
];

/** The rows of all of them. */
export const nounRoutes: readonly Route[] = [...flavorRoutes];
