import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { MakeServerImage } from './make-server-image.service.js';
import { ServerImageController } from './server-image.controller.js';

@Module({ imports: [ServerCoreModule], providers: [MakeServerImage, ServerImageController], exports: [MakeServerImage] })
export class ServerImageModule {}
