import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerFloatingIpController } from './server-floating-ip.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerFloatingIpController] })
export class ServerFloatingIpModule {}
