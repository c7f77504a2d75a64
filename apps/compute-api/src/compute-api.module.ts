import { ApiDatabase } from '@kilonova/api-db';
import { CellRegistry, CellRelays } from '@kilonova/cells';
import { ProjectDirectory } from '@kilonova/identity-client';
import { ImageClient } from '@kilonova/image-client';
import { type InstanceNotifier, NotificationEmitter } from '@kilonova/notifications';
import type { Logger } from '@kilonova/observability';
import { PlacementClient } from '@kilonova/placement-client';
import { type DynamicModule, Module } from '@nestjs/common';
import { ApiOutbox } from './common/api-outbox.service.js';
import { ComputeSettings } from './common/settings.js';
import { API_NOTIFIER, LOGGER } from './common/tokens.js';
import { ImageCatalog } from './image/image-catalog.port.js';
import { nounProviders } from './nouns.module.js';
import { serverProviders } from './servers.module.js';

/** What use cases and controllers stand on. */
export interface ComputeParts {
  readonly database: ApiDatabase;
  readonly cells: CellRegistry;
  readonly relays: CellRelays;
  readonly outbox: ApiOutbox;
  readonly images: ImageCatalog;
  readonly imageClient: ImageClient;
  readonly placement: PlacementClient;
  readonly projects: ProjectDirectory;
  readonly emitter: NotificationEmitter;
  readonly notifier: InstanceNotifier;
  readonly settings: ComputeSettings;
  readonly logger: Logger;
}

/** The only list of what is bound to what. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a dynamic module of Nest is a class
export class ComputeApiModule {
  static with(parts: ComputeParts): DynamicModule {
    return {
      module: ComputeApiModule,
      providers: [
        { provide: ApiDatabase, useValue: parts.database },
        { provide: CellRegistry, useValue: parts.cells },
        { provide: CellRelays, useValue: parts.relays },
        { provide: ApiOutbox, useValue: parts.outbox },
        { provide: ImageCatalog, useValue: parts.images },
        { provide: ImageClient, useValue: parts.imageClient },
        { provide: PlacementClient, useValue: parts.placement },
        { provide: ProjectDirectory, useValue: parts.projects },
        { provide: NotificationEmitter, useValue: parts.emitter },
        { provide: API_NOTIFIER, useValue: parts.notifier },
        { provide: ComputeSettings, useValue: parts.settings },
        { provide: LOGGER, useValue: parts.logger },
        ...serverProviders,
        ...nounProviders,
      ],
    };
  }
}
