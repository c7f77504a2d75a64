import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { AttachVolume } from './attach-volume.service.js';
import { ChangeAttachment } from './change-attachment.service.js';
import { DetachVolume } from './detach-volume.service.js';
import { ServerVolumes } from './server-volumes.service.js';
import { VolumeAttachmentController } from './volume-attachment.controller.js';

@Module({
  imports: [ServerCoreModule],
  providers: [AttachVolume, ChangeAttachment, DetachVolume, ServerVolumes, VolumeAttachmentController],
})
export class VolumeAttachmentModule {}
