import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../../../host-directory/host-directory.module.js';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { EvacuateController } from './evacuate.controller.js';

@Module({ imports: [ServerCoreModule, HostDirectoryModule], providers: [EvacuateController] })
export class EvacuateModule {}
