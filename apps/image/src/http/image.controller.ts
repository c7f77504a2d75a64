import { randomUUID } from 'node:crypto';
import { type ApiReply, type ApiRequest, noContent, ok } from '@kilonova/http';
import { isUuid } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { isProtected, malformed, wrongMediaType } from '../model/errors.js';
import { withAttribute } from '../model/fields.js';
import { type Image, moment, newImage } from '../model/image.js';
import { asksForCommunity, listImages } from '../model/list-images.js';
import { type OldPatchOperation, operationOf, type PatchOperation, patchImage } from '../model/patch-image.js';
import { BlobStore } from '../store/blob.store.js';
import { ImageStore } from '../store/image.store.js';
import { imageView } from './image.view.js';
import { assertMay, assertMaySet, imageOf, snapshotOf } from './image-access.js';
import { imageQueryOf, nextPage } from './list-query.js';

/** Media types of patches; clients send both. */
const PATCH_TYPE = /^application\/openstack-images-v2\.[01]-json-patch\b/;

type Fields = Readonly<Record<string, unknown>>;

/** The image that a body describes. @throws AppError for an id that is no uuid, and for attributes that don't fit */
function imageFrom({ id, ...fields }: Fields, owner: string | null, now: number): Image {
  if (id !== undefined && (typeof id !== 'string' || !isUuid(id)))
    throw malformed("Provided object does not match schema 'image': id is not a uuid");
  const bare = newImage(id?.toLowerCase() ?? randomUUID(), owner, {}, now);
  return Object.entries(fields).reduce((image, [name, value]) => withAttribute(image, name, value), bare);
}

/** `/v2/images` */
@Injectable()
export class ImageController {
  constructor(
    @Inject(ImageStore) private readonly store: ImageStore,
    @Inject(BlobStore) private readonly blobs: BlobStore,
  ) {}

  list(request: ApiRequest): ApiReply {
    const query = imageQueryOf(request.query);
    const candidates = this.store.visibleTo(request.principal, asksForCommunity(query));
    const { page, more } = listImages(candidates, query, request.principal);
    const { first, next } = nextPage(request, more ? page.at(-1)?.id : undefined);
    return ok({ images: page.map(imageView), first, ...(next === undefined ? {} : { next }), schema: '/v2/schemas/images' });
  }

  show(request: ApiRequest): ApiReply {
    return ok(imageView(snapshotOf(this.store, request)));
  }

  async create(request: ApiRequest<Fields>): Promise<ApiReply> {
    const image = imageFrom(request.body, request.principal.projectId ?? null, Date.now());
    assertMaySet(request, undefined, image);
    await this.store.insert(image);
    return { status: 201, body: imageView(image), headers: { location: `${request.baseUrl}/v2/images/${image.id}` } };
  }

  async update(request: ApiRequest<ReadonlyArray<PatchOperation | OldPatchOperation>>): Promise<ApiReply> {
    const type = request.headers['content-type'];
    if (typeof type !== 'string' || !PATCH_TYPE.test(type))
      throw wrongMediaType('A patch is of type application/openstack-images-v2.1-json-patch');
    const { id } = imageOf(this.store, request);
    const image = await this.store.update(id, (before) => {
      assertMay(request, 'modify_image', before, 'modify');
      const after = request.body.map(operationOf).reduce(patchImage, before);
      assertMaySet(request, before, after);
      return { ...after, updated_at: moment(Date.now()) };
    });
    return ok(imageView(image));
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    const { id } = imageOf(this.store, request);
    await this.store.remove(id, (image) => {
      assertMay(request, 'delete_image', image, 'delete');
      if (image.protected) throw isProtected(id);
    });
    await this.blobs.remove(id);
    return noContent();
  }
}
