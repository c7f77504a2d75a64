import { type ApiReply, type ApiRequest, noContent, ok, pageLimits } from '@kilonova/http';
import { type CallerImages, ImageClient, type ImageInfo } from '@kilonova/image-client';
import { Injectable } from '@nestjs/common';
import { linkBase, nextPage } from '../common/links.js';
import { ComputeSettings } from '../common/settings.js';
import { imageBrief, imageView } from './image.view.js';
import { imageFilters } from './model/image-query.js';

/** The caller's own view of images. */
export const imagesOf = (client: ImageClient, { token }: Pick<ApiRequest, 'token'>): CallerImages => client.asCaller(token);

/** `/images` up to 2.35: the image service's images in the words of this API, as the caller's own token shows them. */
@Injectable()
export class ImageController {
  constructor(
    private readonly images: ImageClient,
    private readonly settings: ComputeSettings,
  ) {}

  index(request: ApiRequest): Promise<ApiReply> {
    return this.#list(request, imageBrief);
  }

  detail(request: ApiRequest): Promise<ApiReply> {
    return this.#list(request, imageView);
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    return ok({ image: imageView(await this.#find(request), linkBase(request), this.settings.imageUrl) });
  }

  async delete(request: ApiRequest): Promise<ApiReply> {
    await imagesOf(this.images, request).delete(request.ctx, request.params['id'] as string);
    return noContent();
  }

  async #list(request: ApiRequest, view: typeof imageView): Promise<ApiReply> {
    const { limit, marker } = pageLimits(request.query, this.settings.api.maxLimit);
    const filters = imageFilters(request.query);
    const page = await imagesOf(this.images, request).list(request.ctx, { filters, limit, marker });
    const base = linkBase(request);
    const ids = page.map(({ id }) => id);
    return ok({
      images: page.map((image) => view(image, base, this.settings.imageUrl)),
      ...nextPage(request, 'images', limit, ids),
    });
  }

  #find(request: ApiRequest): Promise<ImageInfo> {
    return imagesOf(this.images, request).get(request.ctx, request.params['id'] as string);
  }
}
