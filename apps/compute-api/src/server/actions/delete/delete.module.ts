import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { DeleteController } from './delete.controller.js';
import { DeleteServer } from './delete-server.service.js';
import { ServerDeparture } from './server-departure.service.js';

@Module({ imports: [ServerCoreModule], providers: [DeleteServer, ServerDeparture, DeleteController] })
export class DeleteModule {}
