import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { VolumeAttachmentController } from './volume-attachment.controller.js';

@Module({ imports: [ServerCoreModule], providers: [VolumeAttachmentController] })
export class VolumeAttachmentModule {}
