import { type ApiReply, type ApiRequest, noContent, ok } from '@kilonova/http';
import { ImageClient, type ImageInfo } from '@kilonova/image-client';
import { invalid, notFound } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { checkMetadata } from '../model/server/check-boot.js';
import { ComputeSettings } from '../settings.js';
import { demandOwner, imageNotFound } from './image.controller.js';

type Metadata = Readonly<Record<string, string>>;

/** `/images/{id}/metadata` up to 2.38: the free attributes of an image. */
@Injectable()
export class ImageMetadataController {
  constructor(
    @Inject(ImageClient) private readonly images: ImageClient,
    @Inject(ComputeSettings) private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    return ok({ metadata: (await this.#find(request)).properties });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const key = request.params['key'] as string;
    const value = (await this.#find(request)).properties[key];
    if (value === undefined) throw itemNotFound();
    return ok({ meta: { [key]: value } });
  }

  async create(request: ApiRequest<{ readonly metadata: Metadata }>): Promise<ApiReply> {
    const image = await this.#own(request);
    return ok({ metadata: await this.#become(request, image, { ...image.properties, ...request.body.metadata }) });
  }

  async updateAll(request: ApiRequest<{ readonly metadata: Metadata }>): Promise<ApiReply> {
    return ok({ metadata: await this.#become(request, await this.#own(request), request.body.metadata) });
  }

  async update(request: ApiRequest<{ readonly meta: Metadata }>): Promise<ApiReply> {
    const { meta } = request.body;
    if (meta[request.params['key'] as string] === undefined)
      throw invalid('compute.metadata.mismatch', 'Request body and URI mismatch');
    const image = await this.#own(request);
    await this.#become(request, image, { ...image.properties, ...meta });
    return ok({ meta });
  }

  async delete(request: ApiRequest): Promise<ApiReply> {
    const image = await this.#own(request);
    const { [request.params['key'] as string]: gone, ...rest } = image.properties;
    if (gone === undefined) throw itemNotFound();
    await this.#become(request, image, rest);
    return noContent();
  }

  /** Writes the differences. */
  async #become({ ctx }: ApiRequest<unknown>, image: ImageInfo, wanted: Metadata): Promise<Metadata> {
    checkMetadata(wanted, this.settings.quotas.metadata_items);
    const gone = Object.keys(image.properties).filter((key) => wanted[key] === undefined);
    const set = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => image.properties[key] !== value));
    if (gone.length > 0 && (await this.images.removeAttributes(ctx, image.id, gone)) === undefined) throw imageNotFound();
    if (Object.keys(set).length > 0 && (await this.images.setAttributes(ctx, image.id, set)) === undefined) throw imageNotFound();
    return wanted;
  }

  async #own(request: ApiRequest<unknown>): Promise<ImageInfo> {
    const image = await this.#find(request);
    demandOwner(request, image);
    return image;
  }

  async #find(request: ApiRequest<unknown>): Promise<ImageInfo> {
    const image = await this.images.getImage(request.ctx, request.params['id'] as string);
    if (image === undefined) throw imageNotFound();
    return image;
  }
}

const itemNotFound = (): Error => notFound('compute.metadata.not_found', 'Metadata item was not found');
