import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { RescueController } from './rescue.controller.js';
import { RescueImage } from './rescue-image.service.js';

@Module({ imports: [ServerCoreModule], providers: [RescueImage, RescueController] })
export class RescueModule {}
