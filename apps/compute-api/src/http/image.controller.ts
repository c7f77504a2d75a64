import { type ApiReply, type ApiRequest, noContent, ok, pageLimits } from '@kilonova/http';
import { ImageClient, type ImageInfo } from '@kilonova/image-client';
import { type AppError, forbidden, notFound } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { imageMatcher, pageOf } from '../model/image/image-query.js';
import { ComputeSettings } from '../settings.js';
import { linkBase, nextPage } from './links.js';
import { imageBrief, imageView } from './views/image.view.js';

export const imageNotFound = (): AppError => notFound('compute.image.not_found', 'Image not found.');

/** What belongs to somebody else can be seen, not changed. @throws AppError 403 */
export function demandOwner({ principal }: Pick<ApiRequest, 'principal'>, image: ImageInfo): void {
  if (principal.isAdmin || (image.owner !== null && image.owner === principal.projectId)) return;
  throw forbidden('compute.image.forbidden', `Not authorized for image ${image.id}.`);
}

/** `/images` up to 2.35: the image service's images in the words of this API. */
@Injectable()
export class ImageController {
  constructor(
    @Inject(ImageClient) private readonly images: ImageClient,
    @Inject(ComputeSettings) private readonly settings: ComputeSettings,
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
    const image = await this.#find(request);
    demandOwner(request, image);
    const outcome = await this.images.deleteImage(request.ctx, image.id);
    if (outcome === 'not-found') throw imageNotFound();
    if (outcome === 'refused')
      throw forbidden('compute.image.protected', `Image ${image.id} is protected and cannot be deleted.`);
    return noContent();
  }

  async #list(request: ApiRequest, view: typeof imageView): Promise<ApiReply> {
    const { limit, marker } = pageLimits(request.query, this.settings.api.maxLimit);
    const matching = (await this.images.listImages(request.ctx)).filter(imageMatcher(request.query));
    const page = pageOf(matching, limit, marker);
    const base = linkBase(request);
    const shown = page.map((image) => view(image, base, this.settings.imageUrl));
    return ok({
      images: shown,
      ...nextPage(
        request,
        'images',
        limit,
        page.map(({ id }) => id),
      ),
    });
  }

  async #find(request: ApiRequest): Promise<ImageInfo> {
    const image = await this.images.getImage(request.ctx, request.params['id'] as string);
    if (image === undefined) throw imageNotFound();
    return image;
  }
}
