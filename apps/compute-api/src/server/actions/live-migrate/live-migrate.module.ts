import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../../../host-directory/host-directory.module.js';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { LiveMigrateController } from './live-migrate.controller.js';

@Module({ imports: [ServerCoreModule, HostDirectoryModule], providers: [LiveMigrateController] })
export class LiveMigrateModule {}
