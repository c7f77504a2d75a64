import { type ApiReply, type ApiRequest, noContent, ok } from '@kilonova/http';
import { type AppError, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { linkBase } from '../../common/links.js';
import { ChangeServer } from '../core/change-server.service.js';
import { ServerLocator } from '../core/server-locator.service.js';
import { MAX_TAG_LENGTH, MAX_TAGS } from './server-tags.schema.js';

type Tags = readonly string[];

/** `/servers/{id}/tags`. */
@Injectable()
export class ServerTagsController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly changeServer: ChangeServer,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    return ok({ tags: await this.#present(request) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const tag = request.params['tag'] as string;
    if (!(await this.#present(request)).includes(tag)) throw tagNotFound(request, tag);
    return noContent();
  }

  async updateAll(request: ApiRequest<{ readonly tags: Tags }>): Promise<ApiReply> {
    return ok({ tags: await this.#change(request, 'update tags', () => [...new Set(request.body.tags)]) });
  }

  /** 201 for a new tag, 204 for one that was there. */
  async update(request: ApiRequest): Promise<ApiReply> {
    const tag = request.params['tag'] as string;
    checkTag(tag);
    let isNew = false;
    await this.#change(request, 'update tag', (present) => {
      isNew = !present.includes(tag);
      if (isNew && present.length >= MAX_TAGS)
        throw invalid('compute.tags.too_many', `The number of tags exceeded the per-server limit ${MAX_TAGS}`);
      return isNew ? [...present, tag] : present;
    });
    if (!isNew) return noContent();
    return {
      status: 201,
      headers: { location: `${linkBase(request).versioned}/servers/${request.params['id']}/tags/${encodeURIComponent(tag)}` },
    };
  }

  async delete(request: ApiRequest): Promise<ApiReply> {
    const tag = request.params['tag'] as string;
    await this.#change(request, 'delete tag', (present) => {
      if (!present.includes(tag)) throw tagNotFound(request, tag);
      return present.filter((other) => other !== tag);
    });
    return noContent();
  }

  async deleteAll(request: ApiRequest): Promise<ApiReply> {
    await this.#change(request, 'delete tags', () => []);
    return noContent();
  }

  async #present(request: ApiRequest): Promise<Tags> {
    return (await this.locator.reach(request, request.params['id'] as string)).instance.tags;
  }

  async #change(request: ApiRequest<unknown>, verb: string, decide: (present: Tags) => Tags): Promise<Tags> {
    const changed = await this.changeServer.run(request.ctx, request, request.params['id'] as string, {
      action: 'updateTags',
      verb,
      decide: (instance) => ({ tags: decide(instance.tags) }),
    });
    return changed.instance.tags;
  }
}

/** @throws AppError 400 */
function checkTag(tag: string): void {
  const bad = (message: string): AppError => invalid('compute.tags.invalid', message);
  if (tag.length > MAX_TAG_LENGTH) throw bad(`Tag '${tag}' is too long. Maximum length of a tag is ${MAX_TAG_LENGTH}`);
  if (/[,/]/.test(tag) || tag === '')
    throw bad(`Tag '${tag}' is invalid. It must be a non empty string without characters '/' and ','.`);
}

const tagNotFound = (request: ApiRequest, tag: string): AppError =>
  notFound('compute.tags.not_found', `Server ${request.params['id']} has no tag '${tag}'`);
