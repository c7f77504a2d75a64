import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerMigrationController } from './server-migration.controller.js';
import { SteeringStores, SteerMigration } from './steer-migration.service.js';

@Module({ imports: [ServerCoreModule], providers: [ServerMigrationController, SteerMigration, SteeringStores] })
export class ServerMigrationModule {}
