import { ImageErrandRepository } from '@kilonova/cell-db';
import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { PurgeBackupsController } from './purge-backups.controller.js';
import { PurgeBackups } from './purge-backups.service.js';

@Module({ imports: [ServerCoreModule], providers: [PurgeBackupsController, PurgeBackups, ImageErrandRepository] })
export class PurgeBackupsModule {}
