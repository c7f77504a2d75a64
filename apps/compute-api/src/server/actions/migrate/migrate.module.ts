import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../../../host-directory/host-directory.module.js';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { MigrateController } from './migrate.controller.js';
import { MigrationTarget } from './migration-target.service.js';

@Module({ imports: [ServerCoreModule, HostDirectoryModule], providers: [MigrateController, MigrationTarget] })
export class MigrateModule {}
