import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { RestoreController } from './restore.controller.js';

@Module({ imports: [ServerCoreModule], providers: [RestoreController] })
export class RestoreModule {}
