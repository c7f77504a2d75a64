import { ApiCellMappings, ApiDatabase, openApiDatabase } from '@kilonova/api-db';
import { CellRelays, MappedCellRegistry, openCells } from '@kilonova/cells';
import { pciAliases } from '@kilonova/compute-objects';
import { type Config, pciSection, resilienceSection } from '@kilonova/config';
import {
  connectIdentity,
  type Identity,
  imageTransport,
  keystoneSection,
  type ProjectDirectory,
  placementTransport,
  restLimits,
} from '@kilonova/identity-client';
import { ImageClient, imageServiceSection } from '@kilonova/image-client';
import {
  type BusObserver,
  busMetrics,
  clientMessagingSection,
  createMessageBus,
  type MessageBus,
  OutboxRelay,
  outboxMetrics,
} from '@kilonova/messaging';
import { type NetworkService, networkSection, openNetworks } from '@kilonova/network-client';
import { createEmitter, InstanceNotifier, notificationsSection } from '@kilonova/notifications';
import { Breakers, type Logger, type Metrics } from '@kilonova/observability';
import { HttpPlacementClient, type PlacementClient, placementSection } from '@kilonova/placement-client';
import { openVolumes, type VolumeService, volumeSection } from '@kilonova/volume-client';
import { type CapacityCounter, SchedulerCapacity } from './capacity/capacity-counter.port.js';
import { ApiOutbox } from './common/api-outbox.service.js';
import { ComputeSettings } from './common/settings.js';
import * as sections from './compute-api.config.js';
import type { ComputeParts } from './compute-api.module.js';
import { ImageServiceCatalog } from './image/image-catalog.adapter.js';
import { ConductorTrials } from './server/trial/host-trials.port.js';

/** Between looks of the API's relays into outboxes of cells: the cells' conductors look more often. */
const CELL_POLL_MS = 30_000;

/** Other services may be stood in for. */
export interface Substitutes {
  readonly images?: ImageClient;
  readonly placement?: PlacementClient;
  readonly capacity?: CapacityCounter;
  readonly volumes?: VolumeService;
  readonly networks?: NetworkService;
  readonly projects?: ProjectDirectory;
}

export interface Connected {
  readonly parts: ComputeParts;
  readonly identity: Identity;
  readonly bus: MessageBus;
  readonly breakers: Breakers;
  start(): void;
  /** In the order in which they depend on each other. */
  close(): Promise<void>;
}

/** Makes everything that the service stands on. Nothing connects before it is needed. */
export function connectParts(config: Config, logger: Logger, metrics: Metrics, substitutes: Substitutes): Connected {
  const messaging = config.get(clientMessagingSection);
  const observe = busMetrics(metrics);
  const bus = createMessageBus({
    url: messaging.url,
    cell: 'api',
    connectionName: 'compute-api',
    observe,
    queueType: messaging.queueType,
    notifications: { durable: config.get(notificationsSection).durable },
    log: logger,
  });
  const breakers = new Breakers();
  const limits = restLimits(config.get(resilienceSection), breakers.watch);
  const identity = connectIdentity(config.get(keystoneSection), limits);
  const database = databaseOf(config, logger);
  const relay = new OutboxRelay({ dataSource: database.outbox, bus, log: logger });
  outboxMetrics(metrics, 'api', relay);
  const relays = new CellRelays({ pollMs: CELL_POLL_MS, log: logger, apiBus: bus });
  const cells = cellsOf(config, database, { logger, observe });
  breakers.add(() => cells.breakers());
  const images =
    substitutes.images ?? new ImageClient(imageTransport(identity.session, config.get(imageServiceSection).url, limits));
  const placement = new HttpPlacementClient(placementTransport(identity.session, config.get(placementSection).url, limits));
  const networks = substitutes.networks ?? openNetworks(config.get(networkSection), identity.session, limits);
  const volumes = substitutes.volumes ?? openVolumes(config.get(volumeSection), identity.session, limits);
  const settings = settingsOf(config);
  return {
    parts: {
      database,
      cells,
      relays,
      outbox: new ApiOutbox(relay),
      images: new ImageServiceCatalog(images),
      imageClient: images,
      placement: substitutes.placement ?? placement,
      capacity: substitutes.capacity ?? new SchedulerCapacity(bus, settings.callTimeoutMs),
      trials: new ConductorTrials(bus, settings.callTimeoutMs),
      volumes,
      networks,
      projects: substitutes.projects ?? identity.projects,
      ...notifiers(config, bus, logger),
      settings,
      logger,
    },
    identity,
    bus,
    breakers,
    start: () => relay.start(),
    close: async () => {
      await relay.stop();
      await relays.stop();
      await Promise.all([cells.close(), bus.close(), images.close(), placement.close(), volumes.close(), networks.close()]);
      await Promise.all([identity.close(), database.close()]);
    },
  };
}

const databaseOf = (config: Config, logger: Logger): ApiDatabase =>
  openApiDatabase(config.get(sections.apiDatabaseSection), 'compute-api', (error) =>
    logger.warn({ err: error }, 'an idle database connection was lost'),
  );

interface Watching {
  readonly logger: Logger;
  readonly observe: BusObserver;
}

const cellsOf = (config: Config, database: ApiDatabase, { logger, observe }: Watching): MappedCellRegistry =>
  openCells(new ApiCellMappings(() => database.sql()), config.get(sections.cellsSection), {
    name: 'compute-api',
    apiDatabaseUrl: config.get(sections.apiDatabaseSection).url,
    bus: { queueType: config.get(clientMessagingSection).queueType, log: logger, observe },
  });

function notifiers(config: Config, bus: MessageBus, logger: Logger): Pick<ComputeParts, 'emitter' | 'notifier'> {
  const notifications = config.get(notificationsSection);
  const emitter = createEmitter(bus, notifications, (error, eventType) =>
    logger.warn({ err: error, eventType }, 'a notification was not sent'),
  );
  const host = config.get(sections.computeApiSection).host;
  return { emitter, notifier: new InstanceNotifier(emitter, { service: 'api', host }, notifications.imageUrl) };
}

function settingsOf(config: Config): ComputeSettings {
  const quota = config.get(sections.quotaSection);
  const quotas = {
    instances: quota.instances,
    cores: quota.cores,
    ram: quota.ram,
    metadata_items: quota.metadataItems,
    injected_files: quota.injectedFiles,
    injected_file_content_bytes: quota.injectedFileContentBytes,
    injected_file_path_bytes: quota.injectedFilePathLength,
    key_pairs: quota.keyPairs,
    server_groups: quota.serverGroups,
    server_group_members: quota.serverGroupMembers,
  };
  const imageUrl = config.get(imageServiceSection).url;
  return new ComputeSettings(
    config.get(sections.computeApiSection),
    quotas,
    config.get(clientMessagingSection).callTimeoutSeconds * 1000,
    imageUrl,
    pciAliases(config.get(pciSection).aliases),
  );
}
