import { ImageServiceModule } from '@kilonova/image-client';
import { Module } from '@nestjs/common';
import { ImageServiceSnapshots } from './image-service.adapter.js';
import { SnapshotImages } from './snapshot-images.js';

/** The image service, as far as agents reach it. */
@Module({
  imports: [ImageServiceModule],
  providers: [{ provide: SnapshotImages, useClass: ImageServiceSnapshots }],
  exports: [SnapshotImages],
})
export class ImageModule {}
