import { type ApiReply, type ApiRequest, noContent, ok } from '@kilonova/http';
import { attributeKind, ImageClient, type ImageInfo } from '@kilonova/image-client';
import { forbidden, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';
import { checkMetadata } from '../server/create/model/check-boot.js';
import { imagesOf } from './image.controller.js';

type Metadata = Readonly<Record<string, string>>;

/**
 * `/images/{id}/metadata` up to 2.38: the free attributes of an image, read and written with the caller's own token. Those
 * that every image has (name, owner, visibility …) are not among them: this API has no words for changing them.
 */
@Injectable()
export class ImageMetadataController {
  constructor(
    private readonly images: ImageClient,
    private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    return ok({ metadata: (await this.#find(request)).properties });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const key = request.params['key'] as string;
    const { properties } = await this.#find(request);
    if (!Object.hasOwn(properties, key)) throw itemNotFound();
    return ok({ meta: { [key]: properties[key] } });
  }

  async create(request: ApiRequest<{ readonly metadata: Metadata }>): Promise<ApiReply> {
    checkFree(request.body.metadata);
    const image = await this.#find(request);
    return ok({ metadata: await this.#become(request, image, { ...image.properties, ...request.body.metadata }) });
  }

  async updateAll(request: ApiRequest<{ readonly metadata: Metadata }>): Promise<ApiReply> {
    checkFree(request.body.metadata);
    return ok({ metadata: await this.#become(request, await this.#find(request), request.body.metadata) });
  }

  async update(request: ApiRequest<{ readonly meta: Metadata }>): Promise<ApiReply> {
    const { meta } = request.body;
    if (!Object.hasOwn(meta, request.params['key'] as string))
      throw invalid('compute.metadata.mismatch', 'Request body and URI mismatch');
    checkFree(meta);
    const image = await this.#find(request);
    await this.#become(request, image, { ...image.properties, ...meta });
    return ok({ meta });
  }

  async delete(request: ApiRequest): Promise<ApiReply> {
    const image = await this.#find(request);
    const key = request.params['key'] as string;
    if (!Object.hasOwn(image.properties, key)) throw itemNotFound();
    const { [key]: _gone, ...rest } = image.properties;
    await this.#become(request, image, rest);
    return noContent();
  }

  /** Writes the differences in one request. The service's own attributes stay, whatever is wanted. */
  async #become(request: ApiRequest<unknown>, image: ImageInfo, wanted: Metadata): Promise<Metadata> {
    checkMetadata(wanted, this.settings.quotas.metadata_items);
    const { properties } = image;
    const remove = Object.keys(properties).filter((key) => !Object.hasOwn(wanted, key) && attributeKind(key) === 'free');
    const differs = ([key, value]: [string, string]): boolean => !Object.hasOwn(properties, key) || properties[key] !== value;
    const set = Object.fromEntries(Object.entries(wanted).filter(differs));
    if (remove.length > 0 || Object.keys(set).length > 0)
      await imagesOf(this.images, request).change(request.ctx, image.id, { set, remove });
    return wanted;
  }

  #find(request: ApiRequest<unknown>): Promise<ImageInfo> {
    return imagesOf(this.images, request).get(request.ctx, request.params['id'] as string);
  }
}

/** @throws AppError 400 for an attribute that every image has, 403 for one that the image service alone sets */
function checkFree(metadata: Metadata): void {
  for (const name of Object.keys(metadata)) {
    const kind = attributeKind(name);
    if (kind === 'base') throw invalid('compute.image.attribute', `Attribute '${name}' cannot be set as metadata.`);
    if (kind === 'read-only') throw forbidden('compute.image.read_only', `Attribute '${name}' is read-only.`);
  }
}

const itemNotFound = (): Error => notFound('compute.metadata.not_found', 'Metadata item was not found');
