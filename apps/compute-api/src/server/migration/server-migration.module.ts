import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerMigrationController } from './server-migration.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerMigrationController] })
export class ServerMigrationModule {}
