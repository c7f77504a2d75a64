import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { RestoreController } from './restore.controller.js';
import { RestoreServer } from './restore-server.service.js';

@Module({ imports: [ServerCoreModule], providers: [RestoreServer, RestoreController] })
export class RestoreModule {}
