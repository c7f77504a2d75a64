import { Readable } from 'node:stream';
import { type ApiReply, type ApiRequest, noContent } from '@kilonova/http';
import { forbidden } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { malformed, wrongMediaType, wrongStatus } from '../model/errors.js';
import { type Image, moment, withoutData } from '../model/image.js';
import { BlobStore } from '../store/blob.store.js';
import { ImageStore } from '../store/image.store.js';
import { assertMay, imageOf } from './image-access.js';

/** An image about to take data. @throws AppError conflict unless it waits for data, invalid-input without formats */
function saving(image: Image): Image {
  if (image.status !== 'queued') throw wrongStatus(image.status, 'saving');
  if (image.disk_format === null || image.container_format === null) {
    throw malformed('Properties disk_format, container_format must be set prior to saving data.');
  }
  return { ...image, status: 'saving' };
}

/** `/v2/images/{id}/file` */
@Injectable()
export class ImageDataController {
  constructor(
    @Inject(ImageStore) private readonly store: ImageStore,
    @Inject(BlobStore) private readonly blobs: BlobStore,
  ) {}

  async upload(request: ApiRequest<Readable | undefined>): Promise<ApiReply> {
    if (request.headers['content-type'] !== 'application/octet-stream')
      throw wrongMediaType('Data is of type application/octet-stream');
    const { id } = imageOf(this.store, request);
    const image = await this.store.update(id, (before) => {
      assertMay(request, 'upload_image', before, 'upload data for');
      return saving(before);
    });
    try {
      const facts = await this.blobs.write(id, request.body ?? Readable.from([]), image.disk_format);
      await this.store.update(id, (before) => ({ ...before, ...facts, status: 'active', updated_at: moment(Date.now()) }));
    } catch (error) {
      await this.#takeBack(id);
      throw error;
    }
    return noContent();
  }

  download(request: ApiRequest): ApiReply {
    const image = imageOf(this.store, request);
    assertMay(request, 'download_image', image, 'download');
    if (image.status === 'deactivated' && !request.principal.isAdmin)
      throw forbidden('image.image.deactivated', 'The requested image has been deactivated. Image data download is forbidden.');
    if (image.size === null) return noContent();
    const headers = {
      'content-type': 'application/octet-stream',
      'content-md5': image.checksum ?? '',
      'content-length': String(image.size),
    };
    return { status: 200, body: this.blobs.read(image.id), headers };
  }

  /** The upload broke off, or the image went away meanwhile. */
  async #takeBack(id: string): Promise<void> {
    if (this.store.find(id) === undefined) return this.blobs.remove(id);
    await this.store.update(id, (image) => (image.status === 'saving' ? withoutData(image) : image));
  }
}
