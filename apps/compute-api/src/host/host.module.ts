import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../host-directory/host-directory.module.js';
import { ServiceModule } from '../service/service.module.js';
import { HostController } from './host.controller.js';

@Module({ imports: [HostDirectoryModule, ServiceModule], providers: [HostController] })
export class HostModule {}
