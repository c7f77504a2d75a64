import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { ImageStore } from '../store/image.store.js';
import { imageOf } from './image-access.js';
import { imageSchema, imagesSchema, memberSchema, membersSchema } from './schemas/published.js';

const VERSIONS = ['2.15', '2.13', '2.12', '2.11', '2.10', '2.9', '2.8', '2.7', '2.6', '2.5', '2.4', '2.3', '2.2', '2.1', '2.0'];

/** What the service says of itself: versions, schemas, ways to import, and that nothing is shared with members. */
@Injectable()
export class DescriptionController {
  constructor(@Inject(ImageStore) private readonly store: ImageStore) {}

  /** `GET /`: several choices, so 300. */
  choices(request: ApiRequest): ApiReply {
    return { ...this.versions(request), status: 300 };
  }

  versions({ baseUrl }: ApiRequest): ApiReply {
    const links = [{ rel: 'self', href: `${baseUrl}/v2/` }];
    return ok({
      versions: VERSIONS.map((version, at) => ({ id: `v${version}`, status: at === 0 ? 'CURRENT' : 'SUPPORTED', links })),
    });
  }

  imageSchema(): ApiReply {
    return ok(imageSchema);
  }

  imagesSchema(): ApiReply {
    return ok(imagesSchema);
  }

  memberSchema(): ApiReply {
    return ok(memberSchema);
  }

  membersSchema(): ApiReply {
    return ok(membersSchema);
  }

  members(request: ApiRequest): ApiReply {
    imageOf(this.store, request);
    return ok({ members: [], schema: '/v2/schemas/members' });
  }

  imports(): ApiReply {
    return ok({ 'import-methods': { description: 'Import methods available.', type: 'array', value: [] } });
  }

  stores(): ApiReply {
    return ok({ stores: [{ id: 'fs', description: 'Files in the state folder', default: 'true' }] });
  }
}
