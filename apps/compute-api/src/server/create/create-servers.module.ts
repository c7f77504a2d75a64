import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../../host-directory/host-directory.module.js';
import { BlockDeviceModule } from '../block-device/block-device.module.js';
import { CreateServers } from './create-servers.service.js';
import { DestinationGuard } from './destination.guard.js';

@Module({
  imports: [BlockDeviceModule, HostDirectoryModule],
  providers: [CreateServers, DestinationGuard],
  exports: [CreateServers],
})
export class CreateServersModule {}
