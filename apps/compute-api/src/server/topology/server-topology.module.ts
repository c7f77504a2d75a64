import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerTopologyController } from './server-topology.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerTopologyController] })
export class ServerTopologyModule {}
