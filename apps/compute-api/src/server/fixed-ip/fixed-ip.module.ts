import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerPortsModule } from '../interface/server-ports.module.js';
import { FixedIpController } from './fixed-ip.controller.js';

@Module({ imports: [ServerCoreModule, ServerPortsModule], providers: [FixedIpController] })
export class FixedIpModule {}
