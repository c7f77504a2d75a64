import { Config } from '@kilonova/config';
import { NotificationEmitter, NotificationsModule, notificationsSection } from '@kilonova/notifications';
import { PlacementModule } from '@kilonova/placement-client';
import { Module } from '@nestjs/common';
import { CellModule } from '../cell/cell.module.js';
import { agentSection, allocationSection, fakeSection } from '../config.js';
import { HostHandler } from './host.handler.js';
import { ManagedHosts } from './managed-host.js';
import { createManagedHosts } from './managed-hosts.factory.js';
import { ReportHost, ReportOptions } from './report-host.service.js';
import { WrittenTrees } from './written-trees.js';

const openHosts = (config: Config, emitter: NotificationEmitter): ManagedHosts =>
  createManagedHosts(config.get(agentSection), config.get(fakeSection), emitter, config.get(notificationsSection).imageUrl);

const reportOptions = (config: Config): ReportOptions => ({
  hostIp: config.get(agentSection).hostIp,
  allocation: config.get(allocationSection),
});

/** The hosts of this process, and what is said of them to cell and placement. */
@Module({
  imports: [CellModule, NotificationsModule, PlacementModule],
  controllers: [HostHandler],
  providers: [
    ReportHost,
    { provide: ManagedHosts, useFactory: openHosts, inject: [Config, NotificationEmitter] },
    { provide: ReportOptions, useFactory: reportOptions, inject: [Config] },
    {
      provide: WrittenTrees,
      useFactory: (config: Config) => new WrittenTrees(config.get(agentSection).stateDir),
      inject: [Config],
    },
  ],
  exports: [ManagedHosts, ReportHost],
})
export class HostModule {}
