import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../../host-directory/host-directory.module.js';
import { ServerGroupModule } from '../../server-group/server-group.module.js';
import { BlockDeviceModule } from '../block-device/block-device.module.js';
import { AcceptServers } from './accept-servers.service.js';
import { BootNetworks } from './boot-networks.service.js';
import { CreateServers } from './create-servers.service.js';
import { DestinationGuard } from './destination.guard.js';
import { PlanServers } from './plan-servers.service.js';
import { TryServers } from './try-servers.service.js';

@Module({
  imports: [BlockDeviceModule, HostDirectoryModule, ServerGroupModule],
  providers: [AcceptServers, BootNetworks, CreateServers, DestinationGuard, PlanServers, TryServers],
  exports: [CreateServers, TryServers],
})
export class CreateServersModule {}
