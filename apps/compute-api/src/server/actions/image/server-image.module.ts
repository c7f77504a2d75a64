import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { MakeServerImage } from './make-server-image.service.js';
import { QuiesceGuest } from './quiesce-guest.service.js';
import { ServerImageController } from './server-image.controller.js';
import { SnapshotVolumes } from './snapshot-volumes.service.js';

@Module({
  imports: [ServerCoreModule],
  providers: [MakeServerImage, QuiesceGuest, ServerImageController, SnapshotVolumes],
  exports: [MakeServerImage],
})
export class ServerImageModule {}
