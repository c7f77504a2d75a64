import { Module } from '@nestjs/common';
import { BlockDeviceModule } from '../../block-device/block-device.module.js';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { ServerPortsModule } from '../../interface/server-ports.module.js';
import { DeleteController } from './delete.controller.js';
import { DeleteServer } from './delete-server.service.js';
import { ServerDeparture } from './server-departure.service.js';
import { SoftDeleteServer } from './soft-delete-server.service.js';

@Module({
  imports: [BlockDeviceModule, ServerPortsModule, ServerCoreModule],
  providers: [DeleteServer, SoftDeleteServer, ServerDeparture, DeleteController],
})
export class DeleteModule {}
