import type { ApiRequest } from '@kilonova/http';
import { isSnapshot, visibleTo } from '../model/access.js';
import { noImage, notYours } from '../model/errors.js';
import type { Image } from '../model/image.js';
import type { ImageStore } from '../store/image.store.js';

/** The image that the URL names. @throws AppError not-found when there is none that the caller may know of */
export function imageOf(store: ImageStore, request: Pick<ApiRequest, 'params' | 'principal'>): Image {
  const id = request.params['id'] as string;
  const image = store.find(id);
  if (image === undefined || !visibleTo(image, request.principal)) throw noImage(id);
  return image;
}

/** The same for who makes images of servers: those that a server is to become, they know of too. @throws AppError not-found */
export function snapshotOf(store: ImageStore, request: Pick<ApiRequest, 'params' | 'principal' | 'allows'>): Image {
  const image = store.find(request.params['id'] as string);
  return image !== undefined && mayFill(request, image) ? image : imageOf(store, request);
}

/** Whether the caller makes images of servers, and the image is one that a server is to become. */
export const mayFill = (request: Pick<ApiRequest, 'allows'>, image: Image): boolean =>
  isSnapshot(image) && request.allows('upload_snapshot', { project_id: image.owner });

/** @throws AppError forbidden when the rule keeps the caller from doing that with the image */
export function assertMay(request: Pick<ApiRequest, 'allows'>, rule: string, image: Image, what: string): void {
  if (!request.allows(rule, { project_id: image.owner })) throw notYours(`${what} this image`);
}

/** @throws AppError forbidden for who may not publish, or gives an image to another project */
export function assertMaySet(request: Pick<ApiRequest, 'allows' | 'principal'>, before: Image | undefined, after: Image): void {
  if (after.visibility === 'public' && before?.visibility !== 'public' && !request.allows('publicize_image'))
    throw notYours('publicize images');
  const ownerBefore = before === undefined ? (request.principal.projectId ?? null) : before.owner;
  if (after.owner !== ownerBefore && !request.principal.isAdmin) throw notYours(`give images to the owner '${after.owner}'`);
}
