import { ImageServiceModule } from '@kilonova/image-client';
import { Module } from '@nestjs/common';
import { EventsModule } from '../../events/events.module.js';
import { ApiLevelModule } from '../infrastructure/api-level.module.js';
import { StoresModule } from '../infrastructure/stores.module.js';
import { AskHostImages } from './ask-host-images.service.js';
import { CacheImages } from './cache-images.service.js';
import { ImageHandler } from './image.handler.js';
import { ImageErrandStores, TendImages } from './tend-images.service.js';

/** Images that servers became, were to become, or may be made of. */
@Module({
  imports: [ApiLevelModule, EventsModule, StoresModule, ImageServiceModule],
  controllers: [ImageHandler],
  providers: [AskHostImages, CacheImages, TendImages, ImageErrandStores],
  exports: [CacheImages, TendImages, ImageErrandStores],
})
export class ImageModule {}
