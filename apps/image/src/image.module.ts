import { type DynamicModule, Module } from '@nestjs/common';
import { DescriptionController } from './http/description.controller.js';
import { ImageController } from './http/image.controller.js';
import { ImageActionController } from './http/image-action.controller.js';
import { ImageDataController } from './http/image-data.controller.js';
import { BlobStore } from './store/blob.store.js';
import { ImageStore } from './store/image.store.js';
import { Uploads } from './store/uploads.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a dynamic module of Nest is a class
export class ImageModule {
  static with(store: ImageStore, blobs: BlobStore, uploads: Uploads): DynamicModule {
    return {
      module: ImageModule,
      providers: [
        DescriptionController,
        ImageActionController,
        ImageController,
        ImageDataController,
        { provide: ImageStore, useValue: store },
        { provide: BlobStore, useValue: blobs },
        { provide: Uploads, useValue: uploads },
      ],
    };
  }
}
