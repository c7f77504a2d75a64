import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../host-directory/host-directory.module.js';
import { ServiceController } from './service.controller.js';
import { ServiceAdmin } from './service-admin.service.js';
import { ServiceRemoval } from './service-removal.service.js';

@Module({ imports: [HostDirectoryModule], providers: [ServiceAdmin, ServiceRemoval, ServiceController], exports: [ServiceAdmin] })
export class ServiceModule {}
