import { Module } from '@nestjs/common';
import { HostModule } from '../host/host.module.js';
import { OperationModule } from '../operation/operation.module.js';
import { LiveMigrationHandler } from './live-migration.handler.js';

/** What is asked of live migrations while they are under way. */
@Module({ imports: [HostModule, OperationModule], controllers: [LiveMigrationHandler] })
export class LiveMigrationModule {}
