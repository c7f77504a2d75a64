import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { PlacedHardwareRepository } from './placed-hardware.repository.js';
import { ServerTopologyController } from './server-topology.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerTopologyController, PlacedHardwareRepository] })
export class ServerTopologyModule {}
