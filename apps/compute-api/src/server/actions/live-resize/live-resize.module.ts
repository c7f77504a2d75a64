import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { ResizeModule } from '../resize/resize.module.js';
import { AcceptLiveResize } from './accept-live-resize.service.js';
import { LiveResizeController } from './live-resize.controller.js';

@Module({ imports: [ServerCoreModule, ResizeModule], providers: [LiveResizeController, AcceptLiveResize] })
export class LiveResizeModule {}
