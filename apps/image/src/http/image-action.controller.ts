import { type ApiReply, type ApiRequest, noContent } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { noTag, wrongStatus } from '../model/errors.js';
import { withAttribute } from '../model/fields.js';
import type { Image, ImageStatus } from '../model/image.js';
import { ImageStore } from '../store/image.store.js';
import { assertMay, imageOf } from './image-access.js';

/** `/v2/images/{id}/actions` and `/v2/images/{id}/tags` */
@Injectable()
export class ImageActionController {
  constructor(@Inject(ImageStore) private readonly store: ImageStore) {}

  deactivate(request: ApiRequest): Promise<ApiReply> {
    return this.#turn(request, 'deactivate', 'active', 'deactivated');
  }

  reactivate(request: ApiRequest): Promise<ApiReply> {
    return this.#turn(request, 'reactivate', 'deactivated', 'active');
  }

  async addTag(request: ApiRequest): Promise<ApiReply> {
    const tag = request.params['tag'] as string;
    return this.#change(request, 'modify_image', (image) => withAttribute(image, 'tags', [...image.tags, tag]));
  }

  async removeTag(request: ApiRequest): Promise<ApiReply> {
    const tag = request.params['tag'] as string;
    return this.#change(request, 'modify_image', (image) => {
      if (!image.tags.includes(tag)) throw noTag(image.id, tag);
      return { ...image, tags: image.tags.filter((other) => other !== tag) };
    });
  }

  /** Doing it again is fine. @throws AppError conflict from any other status */
  #turn(request: ApiRequest, rule: string, from: ImageStatus, to: ImageStatus): Promise<ApiReply> {
    return this.#change(request, rule, (image) => {
      if (image.status === to) return image;
      if (image.status !== from) throw wrongStatus(image.status, to);
      return { ...image, status: to };
    });
  }

  async #change(request: ApiRequest, rule: string, change: (image: Image) => Image): Promise<ApiReply> {
    const { id } = imageOf(this.store, request);
    await this.store.update(id, (image) => {
      assertMay(request, rule, image, 'modify');
      return change(image);
    });
    return noContent();
  }
}
