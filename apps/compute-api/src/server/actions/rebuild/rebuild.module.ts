import { KeyPairRepository } from '@kilonova/api-db';
import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { RebuildController } from './rebuild.controller.js';
import { RebuildServer } from './rebuild-server.service.js';

@Module({ imports: [ServerCoreModule], providers: [RebuildController, RebuildServer, KeyPairRepository] })
export class RebuildModule {}
