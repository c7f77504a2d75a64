import { type ApiReply, type ApiRequest, noContent, ok } from '@kilonova/http';
import { type AppError, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ServerLocator } from '../core/server-locator.service.js';
import { type Metadata, type MetadataAction, ServerMetadata } from './server-metadata.service.js';

/** `/servers/{id}/metadata`. */
@Injectable()
export class ServerMetadataController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly metadata: ServerMetadata,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    return ok({ metadata: await this.#present(request) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const key = keyOf(request);
    const present = await this.#present(request);
    if (!Object.hasOwn(present, key)) throw itemNotFound();
    return ok({ meta: { [key]: present[key] } });
  }

  async create(request: ApiRequest<{ readonly metadata: Metadata }>): Promise<ApiReply> {
    const { metadata } = request.body;
    return ok({ metadata: await this.#change(request, 'updateMetadata', (present) => ({ ...present, ...metadata })) });
  }

  async updateAll(request: ApiRequest<{ readonly metadata: Metadata }>): Promise<ApiReply> {
    return ok({ metadata: await this.#change(request, 'updateMetadata', () => request.body.metadata) });
  }

  async update(request: ApiRequest<{ readonly meta: Metadata }>): Promise<ApiReply> {
    const { meta } = request.body;
    if (!Object.hasOwn(meta, keyOf(request))) throw invalid('compute.metadata.mismatch', 'Request body and URI mismatch');
    await this.#change(request, 'updateMetadata', (present) => ({ ...present, ...meta }));
    return ok({ meta });
  }

  async delete(request: ApiRequest): Promise<ApiReply> {
    const key = keyOf(request);
    await this.#change(request, 'deleteMetadata', (present) => {
      if (!Object.hasOwn(present, key)) throw itemNotFound();
      const { [key]: _gone, ...rest } = present;
      return rest;
    });
    return noContent();
  }

  async #present(request: ApiRequest): Promise<Metadata> {
    return (await this.locator.reach(request, request.params['id'] as string)).instance.metadata;
  }

  #change(request: ApiRequest<unknown>, action: MetadataAction, decide: (present: Metadata) => Metadata): Promise<Metadata> {
    return this.metadata.change(request.ctx, request, request.params['id'] as string, action, decide);
  }
}

const keyOf = (request: ApiRequest<unknown>): string => request.params['key'] as string;

const itemNotFound = (): AppError => notFound('compute.metadata.not_found', 'Metadata item was not found');
