import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type ApiReply, type ApiRequest, noContent } from '@kilonova/http';
import { forbidden } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { goneMeanwhile, malformed, uploadAborted, wrongMediaType, wrongStatus } from '../model/errors.js';
import { type Image, moment, withoutData } from '../model/image.js';
import { BlobStore } from '../store/blob.store.js';
import { ImageStore } from '../store/image.store.js';
import { type UploadRoom, Uploads } from '../store/uploads.js';
import { assertMay, imageOf, mayFill, snapshotOf } from './image-access.js';

/** An image about to take data. @throws AppError conflict unless it waits for data, invalid-input without formats */
function saving(image: Image, upload: string): Image {
  if (image.status !== 'queued') throw wrongStatus(image.status, 'saving');
  if (image.disk_format === null || image.container_format === null) {
    throw malformed('Properties disk_format, container_format must be set prior to saving data.');
  }
  return { ...image, status: 'saving', upload };
}

const isOf = (image: Image | undefined, upload: string): image is Image => image?.status === 'saving' && image.upload === upload;

/** `/v2/images/{id}/file` */
@Injectable()
export class ImageDataController {
  constructor(
    @Inject(ImageStore) private readonly store: ImageStore,
    @Inject(BlobStore) private readonly blobs: BlobStore,
    @Inject(Uploads) private readonly uploads: Uploads,
  ) {}

  async upload(request: ApiRequest<Readable | undefined>): Promise<ApiReply> {
    if (request.headers['content-type'] !== 'application/octet-stream')
      throw wrongMediaType('Data is of type application/octet-stream');
    const { id, owner } = snapshotOf(this.store, request);
    const upload = randomUUID();
    const room = this.uploads.begin(owner);
    try {
      const image = await this.store.update(id, (before) => {
        if (!mayFill(request, before)) assertMay(request, 'upload_image', before, 'upload data for');
        return saving(before, upload);
      });
      await this.#receive(image, request.body ?? Readable.from([]), room, upload);
    } finally {
      room.end();
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

  async #receive({ id, disk_format: diskFormat }: Image, data: Readable, room: UploadRoom, upload: string): Promise<void> {
    const confirm = (image = this.store.find(id)): void => {
      if (!isOf(image, upload)) throw goneMeanwhile(id);
    };
    try {
      const facts = await this.blobs.write(id, { data, diskFormat, take: room.take, confirm: () => confirm() });
      await this.store.update(id, (before) => {
        confirm(before);
        return { ...before, ...facts, status: 'active', upload: undefined, updated_at: moment(Date.now()) };
      });
    } catch (error) {
      await this.#takeBack(id, upload);
      if (this.store.find(id) === undefined) throw goneMeanwhile(id);
      throw data.errored === error || isAbort(error) ? uploadAborted(error) : error;
    }
  }

  /** The upload broke off, or the image went away meanwhile. Another's image and data are left alone. */
  async #takeBack(id: string, upload: string): Promise<void> {
    if (this.store.find(id) === undefined) return this.blobs.remove(id);
    await this.store.update(id, (image) => (isOf(image, upload) ? withoutData(image) : image));
  }
}

const isAbort = (error: unknown): boolean =>
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'].includes((error as { code?: string }).code ?? '');
