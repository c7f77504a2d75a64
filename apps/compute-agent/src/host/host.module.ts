import { pciAliases } from '@kilonova/compute-objects';
import { Config, pciSection } from '@kilonova/config';
import { NetworkModule, NetworkService } from '@kilonova/network-client';
import { NotificationEmitter, NotificationsModule, notificationsSection } from '@kilonova/notifications';
import type { Logger } from '@kilonova/observability';
import { PlacementClient, PlacementModule } from '@kilonova/placement-client';
import { LOGGER } from '@kilonova/service';
import { VolumeService, volumeSection } from '@kilonova/volume-client';
import { Module } from '@nestjs/common';
import { CellModule } from '../cell/cell.module.js';
import { CellConductor } from '../cell/cell-conductor.client.js';
import { agentSection, allocationSection, fakeSection } from '../config.js';
import { HostDevices } from '../device/host-devices.js';
import { ExpectedEventsModule } from '../external-event/expected-events.module.js';
import { ExternalEvents } from '../external-event/external-events.js';
import { HostNetworks } from '../network/host-networks.js';
import { HostVolumes, type HostVolumesOptions } from '../volume/host-volumes.js';
import { VolumeModule } from '../volume/volume.module.js';
import { CacheImages } from './cache-images.service.js';
import { HostHandler } from './host.handler.js';
import { ManagedHosts } from './managed-host.js';
import { createManagedHosts } from './managed-hosts.factory.js';
import { readProviderFiles } from './provider-files.js';
import { ReportHost, ReportOptions } from './report-host.service.js';
import { ProviderOptions, SyncProviders } from './sync-providers.service.js';
import { WrittenTrees } from './written-trees.js';

const openHosts = (
  config: Config,
  emitter: NotificationEmitter,
  volumes: VolumeService,
  networks: NetworkService,
  conductor: CellConductor,
  placement: PlacementClient,
  events: ExternalEvents,
  log: Logger,
): ManagedHosts =>
  createManagedHosts(config.get(agentSection), config.get(fakeSection), {
    emitter,
    imageUrl: config.get(notificationsSection).imageUrl,
    volumesOf: (driver) => new HostVolumes(volumes, driver, volumeOptions(config, events, log)),
    networksOf: (host) => new HostNetworks(networks, host, log),
    devicesOf: (host, driver) => new HostDevices(host, driver, conductor, placement),
    hardware: { ...config.get(allocationSection), aliases: pciAliases(config.get(pciSection).aliases) },
  });

const volumeOptions = (config: Config, events: ExternalEvents, log: Logger): HostVolumesOptions => {
  const { readyTimeoutSeconds, readyIntervalSeconds, reimagePerGibSeconds } = config.get(volumeSection);
  return {
    readyTimeoutMs: readyTimeoutSeconds * 1000,
    readyIntervalMs: readyIntervalSeconds * 1000,
    reimageMsPerGib: reimagePerGibSeconds * 1000,
    events,
    log,
  };
};

const reportOptions = (config: Config): ReportOptions => ({
  hostIp: config.get(agentSection).hostIp,
  allocation: config.get(allocationSection),
});

const providerOptions = (config: Config, log: Logger): ProviderOptions => ({
  allocation: config.get(allocationSection),
  added: readProviderFiles(config.get(agentSection).providerConfigLocation, (message) => log.warn(message)),
});

/** The hosts of this process, and what is said of them to cell and placement. */
@Module({
  imports: [CellModule, ExpectedEventsModule, NotificationsModule, PlacementModule, VolumeModule, NetworkModule],
  controllers: [HostHandler],
  providers: [
    CacheImages,
    ReportHost,
    SyncProviders,
    {
      provide: ManagedHosts,
      useFactory: openHosts,
      inject: [
        Config,
        NotificationEmitter,
        VolumeService,
        NetworkService,
        CellConductor,
        PlacementClient,
        ExternalEvents,
        LOGGER,
      ],
    },
    { provide: ReportOptions, useFactory: reportOptions, inject: [Config] },
    { provide: ProviderOptions, useFactory: providerOptions, inject: [Config, LOGGER] },
    {
      provide: WrittenTrees,
      useFactory: (config: Config) => new WrittenTrees(config.get(agentSection).stateDir),
      inject: [Config],
    },
  ],
  exports: [ManagedHosts, ReportHost],
})
export class HostModule {}
