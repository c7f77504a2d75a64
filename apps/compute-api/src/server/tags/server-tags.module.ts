import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerTagsController } from './server-tags.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerTagsController] })
export class ServerTagsModule {}
