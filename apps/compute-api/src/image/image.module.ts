import { Module } from '@nestjs/common';
import { ImageController } from './image.controller.js';
import { ImageMetadataController } from './image-metadata.controller.js';

@Module({ providers: [ImageController, ImageMetadataController] })
export class ImageModule {}
