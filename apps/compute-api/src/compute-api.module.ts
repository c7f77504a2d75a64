import { ApiDatabase } from '@kilonova/api-db';
import { CellRegistry, CellRelays } from '@kilonova/cells';
import { ProjectDirectory } from '@kilonova/identity-client';
import { ImageClient } from '@kilonova/image-client';
import { NetworkService } from '@kilonova/network-client';
import { InstanceNotifier, NotificationEmitter } from '@kilonova/notifications';
import type { Logger } from '@kilonova/observability';
import { PlacementClient } from '@kilonova/placement-client';
import { VolumeService } from '@kilonova/volume-client';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { AggregateModule } from './aggregate/aggregate.module.js';
import { AssistedSnapshotModule } from './assisted-snapshot/assisted-snapshot.module.js';
import { AvailabilityZoneModule } from './availability-zone/availability-zone.module.js';
import { BareMetalModule } from './bare-metal/bare-metal.module.js';
import { CapacityModule } from './capacity/capacity.module.js';
import { CapacityCounter } from './capacity/capacity-counter.port.js';
import { ApiOutbox } from './common/api-outbox.service.js';
import { CommonModule } from './common/common.module.js';
import { ComputeSettings } from './common/settings.js';
import { LOGGER } from './common/tokens.js';
import { ConsoleAuthTokenModule } from './console-auth-token/console-auth-token.module.js';
import { ExtensionModule } from './extension/extension.module.js';
import { ExternalEventModule } from './external-event/external-event.module.js';
import { FlavorModule } from './flavor/flavor.module.js';
import { FloatingIpModule } from './floating-ip/floating-ip.module.js';
import { GoneModule } from './gone/gone.module.js';
import { HostModule } from './host/host.module.js';
import { HostDirectoryModule } from './host-directory/host-directory.module.js';
import { HypervisorModule } from './hypervisor/hypervisor.module.js';
import { ImageModule } from './image/image.module.js';
import { ImageCatalog } from './image/image-catalog.port.js';
import { KeyPairModule } from './key-pair/key-pair.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { MigrationModule } from './migration/migration.module.js';
import { NetworkModule } from './network/network.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { QuotaModule } from './quota/quota.module.js';
import { SecurityGroupModule } from './security-group/security-group.module.js';
import { ServerModule } from './server/server.module.js';
import { HostTrials } from './server/trial/host-trials.port.js';
import { ServerGroupModule } from './server-group/server-group.module.js';
import { ServiceModule } from './service/service.module.js';
import { UsageModule } from './usage/usage.module.js';
import { VersionModule } from './version/version.module.js';
import { VolumeModule } from './volume/volume.module.js';

/** What use cases and controllers stand on. */
export interface ComputeParts {
  readonly database: ApiDatabase;
  readonly cells: CellRegistry;
  readonly relays: CellRelays;
  readonly outbox: ApiOutbox;
  readonly images: ImageCatalog;
  readonly imageClient: ImageClient;
  readonly placement: PlacementClient;
  readonly capacity: CapacityCounter;
  readonly trials: HostTrials;
  readonly volumes: VolumeService;
  readonly networks: NetworkService;
  readonly projects: ProjectDirectory;
  readonly emitter: NotificationEmitter;
  readonly notifier: InstanceNotifier;
  readonly settings: ComputeSettings;
  readonly logger: Logger;
}

/** The nouns of the API, each with all that is its own; what it hands to others it exports. */
const nouns = [
  AggregateModule,
  AssistedSnapshotModule,
  AvailabilityZoneModule,
  BareMetalModule,
  CapacityModule,
  ConsoleAuthTokenModule,
  ExtensionModule,
  ExternalEventModule,
  FlavorModule,
  FloatingIpModule,
  GoneModule,
  HostModule,
  HostDirectoryModule,
  HypervisorModule,
  ImageModule,
  KeyPairModule,
  LimitsModule,
  MigrationModule,
  NetworkModule,
  OpenApiModule,
  QuotaModule,
  SecurityGroupModule,
  ServerModule,
  ServerGroupModule,
  ServiceModule,
  UsageModule,
  VersionModule,
  VolumeModule,
];

@Module({ imports: nouns })
export class ComputeApiModule {
  static with(parts: ComputeParts): DynamicModule {
    return { module: ComputeApiModule, imports: [CommonModule.with(surroundings(parts))] };
  }
}

/** The only list of what is bound to what. */
const surroundings = (parts: ComputeParts): readonly Provider[] => [
  { provide: ApiDatabase, useValue: parts.database },
  { provide: CellRegistry, useValue: parts.cells },
  { provide: CellRelays, useValue: parts.relays },
  { provide: ApiOutbox, useValue: parts.outbox },
  { provide: ImageCatalog, useValue: parts.images },
  { provide: ImageClient, useValue: parts.imageClient },
  { provide: PlacementClient, useValue: parts.placement },
  { provide: CapacityCounter, useValue: parts.capacity },
  { provide: HostTrials, useValue: parts.trials },
  { provide: VolumeService, useValue: parts.volumes },
  { provide: NetworkService, useValue: parts.networks },
  { provide: ProjectDirectory, useValue: parts.projects },
  { provide: NotificationEmitter, useValue: parts.emitter },
  { provide: InstanceNotifier, useValue: parts.notifier },
  { provide: ComputeSettings, useValue: parts.settings },
  { provide: LOGGER, useValue: parts.logger },
];
