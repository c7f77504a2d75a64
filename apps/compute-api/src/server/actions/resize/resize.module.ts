import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { AcceptResize } from './accept-resize.service.js';
import { FinishedMove } from './finished-move.service.js';
import { ResizeController } from './resize.controller.js';
import { ResizeQuota } from './resize-quota.service.js';

@Module({
  imports: [ServerCoreModule],
  providers: [ResizeController, AcceptResize, FinishedMove, ResizeQuota],
  exports: [ResizeQuota],
})
export class ResizeModule {}
