import { ImageServiceModule } from '@kilonova/image-client';
import { Module } from '@nestjs/common';
import { ApiLevelModule } from '../infrastructure/api-level.module.js';
import { StoresModule } from '../infrastructure/stores.module.js';
import { ImageHandler } from './image.handler.js';
import { ImageErrandStores, TendImages } from './tend-images.service.js';

/** Images that servers became, or were to become. */
@Module({
  imports: [ApiLevelModule, StoresModule, ImageServiceModule],
  controllers: [ImageHandler],
  providers: [TendImages, ImageErrandStores],
  exports: [TendImages, ImageErrandStores],
})
export class ImageModule {}
