import { BoundedCache, type Ctx, isUuid, type Principal } from '@kilonova/util';
import { CallerImages } from './caller-images.js';
import { type ImageInfo, imageOf } from './image.js';
import { ImageDataClient } from './image-data.client.js';
import { type ImageTransport, pathOf, unexpected } from './image-transport.js';

/** An active image hardly changes; a burst of boots asks once in these milliseconds. */
const REMEMBER_MS = 5_000;
const REMEMBER_MAX = 1_000;

export type DeleteOutcome = 'deleted' | 'not-found' | 'refused';

type Document = Readonly<Record<string, unknown>>;

/**
 * Images on behalf of callers. The requests carry the service's own token, which sees everything; so what a caller may
 * see is decided here, by `ctx.principal`, with the image service's rules. Without a principal nothing is hidden.
 */
export class ImageClient {
  readonly data: ImageDataClient;
  readonly #active = new BoundedCache<string, ImageInfo>(REMEMBER_MAX, REMEMBER_MS);

  constructor(private readonly transport: ImageTransport) {
    this.data = new ImageDataClient(transport);
  }

  /**
   * Images with the caller's own rights and nothing more.
   * @param token what the caller showed to us; goes to the image service alone
   */
  asCaller(token: string): CallerImages {
    return new CallerImages(
      (ctx, request) => this.transport.sendAs(ctx, token, request),
      (id) => this.#active.delete(id),
    );
  }

  /** Images with the rights of the service that this process is. */
  asSelf(): CallerImages {
    return new CallerImages(
      (ctx, request) => this.transport.send(ctx, request),
      (id) => this.#active.delete(id),
    );
  }

  /** @returns undefined when there is no image that the caller may see. @throws AppError kind `dependency` */
  async getImage(ctx: Ctx, id: string): Promise<ImageInfo | undefined> {
    const image = isUuid(id) ? (this.#active.get(id) ?? (await this.#fetch(ctx, id))) : undefined;
    return image !== undefined && (await this.#mayBeSeen(ctx, image)) ? image : undefined;
  }

  /** `refused`: it is protected, or in use by the image service itself. */
  async deleteImage(ctx: Ctx, id: string): Promise<DeleteOutcome> {
    this.#active.delete(id);
    const reply = await this.transport.send(ctx, { method: 'DELETE', path: pathOf(id), idempotent: true });
    if (reply.status === 204) return 'deleted';
    if (reply.status === 404) return 'not-found';
    if (reply.status === 403 || reply.status === 409) return 'refused';
    throw unexpected(reply.status, 'to delete an image');
  }

  async close(): Promise<void> {
    await this.data.close();
    await this.transport.close();
  }

  async #fetch(ctx: Ctx, id: string): Promise<ImageInfo | undefined> {
    const reply = await this.transport.send<Document>(ctx, { method: 'GET', path: pathOf(id) });
    if (reply.status === 404) return undefined;
    if (reply.status !== 200) throw unexpected(reply.status, 'for an image');
    const image = imageOf(reply.body);
    if (image.status === 'active') this.#active.set(id, image);
    return image;
  }

  async #mayBeSeen(ctx: Ctx, image: ImageInfo): Promise<boolean> {
    const { principal } = ctx;
    if (principal === undefined || isOpenTo(image, principal)) return true;
    return (
      image.visibility === 'shared' && principal.projectId !== undefined && this.#isMember(ctx, image.id, principal.projectId)
    );
  }

  /** Somebody else's image may be shared with the caller's project. */
  async #isMember(ctx: Ctx, id: string, projectId: string): Promise<boolean> {
    const reply = await this.transport.send(ctx, {
      method: 'GET',
      path: `${pathOf(id)}/members/${encodeURIComponent(projectId)}`,
    });
    return reply.status === 200;
  }
}

const isOpenTo = (image: ImageInfo, principal: Principal): boolean =>
  principal.isAdmin ||
  image.visibility === 'public' ||
  image.visibility === 'community' ||
  (image.owner !== null && image.owner === principal.projectId);
