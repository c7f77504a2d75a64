import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { NetworkInfoController } from './network-info.controller.js';

@Module({ imports: [ServerCoreModule], providers: [NetworkInfoController] })
export class NetworkInfoModule {}
