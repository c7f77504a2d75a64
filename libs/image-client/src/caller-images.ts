import type { RestReply, RestRequest } from '@kilonova/rest-client';
import { AppError, type Ctx, conflict, forbidden, invalid, isUuid, notFound } from '@kilonova/util';
import { documentOf, type ImageInfo, imageOf, type NewImage } from './image.js';
import { pathOf, unexpected } from './image-transport.js';

type Document = Readonly<Record<string, unknown>>;

interface ListDocument {
  readonly images: readonly Document[];
  /** Path of the next page. */
  readonly next?: string;
}

/** One page of a list. */
export interface ImageQuestion {
  /** In the image service's words: `name`, `status`, `updated_at`, or a free attribute. */
  readonly filters: Readonly<Record<string, string>>;
  readonly limit: number;
  /** Id of the last image of the page before. */
  readonly marker?: string;
}

/** What becomes of an image's attributes. */
export interface AttributeChange {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch';

/** Sends a request with somebody's token. */
export type SendAs = <T>(ctx: Ctx, request: RestRequest) => Promise<RestReply<T>>;

/**
 * Images with somebody's own rights, mostly a caller's: the image service decides what may be seen and done. Where it
 * refuses, so do we, with the same status. Made for one request and forgotten with it.
 */
export class CallerImages {
  /** @param changed told of images that were changed or are gone */
  constructor(
    private readonly send: SendAs,
    private readonly changed: (id: string) => void = () => undefined,
  ) {}

  /** Creates an image without data, of the sender's project. @throws AppError 400, 403 and 413 as the image service says; kind `dependency` */
  async create(ctx: Ctx, image: NewImage): Promise<ImageInfo> {
    const request: RestRequest = { method: 'POST', path: '/v2/images', body: documentOf(image) };
    return imageOf((await this.#send<Document>(ctx, image.name, request, 201)).body);
  }

  /** @throws AppError 404 also for an image that the caller may not see; kind `dependency` */
  async get(ctx: Ctx, id: string): Promise<ImageInfo> {
    if (!isUuid(id)) throw imageNotFound();
    return imageOf((await this.#send<Document>(ctx, id, { method: 'GET', path: pathOf(id) }, 200)).body);
  }

  /** @throws AppError 400 for an unknown marker or filter value; kind `dependency` */
  async list(ctx: Ctx, { filters, limit, marker }: ImageQuestion): Promise<readonly ImageInfo[]> {
    const paging = { limit: String(limit), ...(marker === undefined ? {} : { marker }) };
    const found: ImageInfo[] = [];
    let path: string | undefined = `/v2/images?${new URLSearchParams({ ...filters, ...paging })}`;
    while (path !== undefined && found.length < limit) {
      const { body }: RestReply<ListDocument> = await this.#send<ListDocument>(ctx, 'list', { method: 'GET', path }, 200);
      found.push(...body.images.map(imageOf));
      path = body.images.length === 0 ? undefined : body.next;
    }
    return found.slice(0, limit);
  }

  /** Changes attributes, all or none. @throws AppError 400, 403, 404, 409 and 413 as the image service says; kind `dependency` */
  async change(ctx: Ctx, id: string, { set, remove }: AttributeChange): Promise<ImageInfo> {
    const body = [
      ...remove.map((name) => ({ op: 'remove', path: pointerTo(name) })),
      ...Object.entries(set).map(([name, value]) => ({ op: 'add', path: pointerTo(name), value })),
    ];
    const request: RestRequest = { method: 'PATCH', path: pathOf(id), body, headers: { 'content-type': PATCH_TYPE } };
    this.changed(id);
    return imageOf((await this.#send<Document>(ctx, id, request, 200)).body);
  }

  /** Gives a queued image no data at all: it is active, and what it is for is in its properties. @throws AppError 403, 404, 409; kind `dependency` */
  async leaveEmpty(ctx: Ctx, id: string): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream' };
    this.changed(id);
    await this.#send(ctx, id, { method: 'PUT', path: `${pathOf(id)}/file`, headers }, 204);
  }

  /** @throws AppError 403, 404 and 409 as the image service says; kind `dependency` */
  async delete(ctx: Ctx, id: string): Promise<void> {
    if (!isUuid(id)) throw imageNotFound();
    this.changed(id);
    await this.#send(ctx, id, { method: 'DELETE', path: pathOf(id), idempotent: true }, 204);
  }

  async #send<T>(ctx: Ctx, what: string, request: RestRequest, expected: number): Promise<RestReply<T>> {
    const reply = await this.send<T>(ctx, request);
    if (reply.status === expected) return reply;
    throw refusalOf(reply.status, what);
  }
}

/** The JSON pointer of an attribute. */
const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

const imageNotFound = (): AppError => notFound('compute.image.not_found', 'Image not found.');

/** The image service's refusal as ours. A token that it does not take any more counts as one without the right. */
function refusalOf(status: number, what: string): AppError {
  if (status === 404) return imageNotFound();
  if (status === 401 || status === 403) return forbidden('compute.image.forbidden', `Not authorized for image ${what}.`);
  if (status === 400) return invalid('compute.image.invalid', 'The image service refused the request as invalid.');
  if (status === 409) return conflict('compute.image.conflict', `Image ${what} is in a state that does not allow this.`);
  if (status !== 413) return unexpected(status, 'about an image');
  const details = { httpStatus: 413 };
  return new AppError({ kind: 'quota', code: 'compute.image.over_quota', message: 'Image metadata limit exceeded.', details });
}
