import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { forbidden, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { linkBase } from '../../../common/links.js';
import { Since } from '../../../common/model/microversion.js';
import { ComputeSettings } from '../../../common/settings.js';
import { serverId } from '../../core/server-id.js';
import { MakeServerImage } from './make-server-image.service.js';
import { checkFree } from './model/snapshot-image.js';

type Metadata = Readonly<Record<string, string>>;

export interface CreateImageBody {
  readonly createImage: { readonly name: string; readonly metadata?: Metadata };
}

export interface CreateBackupBody {
  readonly createBackup: {
    readonly name: string;
    readonly backup_type: string;
    readonly rotation: number | string;
    readonly metadata?: Metadata;
  };
}

/** Images of servers: single ones, and backups that take turns. */
@Injectable()
export class ServerImageController {
  constructor(
    private readonly makeServerImage: MakeServerImage,
    private readonly settings: ComputeSettings,
  ) {}

  async createImage(request: ApiRequest<CreateImageBody>): Promise<ApiReply> {
    const { name, metadata = {} } = request.body.createImage;
    const wish = () => {
      this.#check(request, metadata);
      return { name, type: 'snapshot', properties: metadata } as const;
    };
    const image = await this.makeServerImage.run(request, serverId(request), { action: 'createImage', wish, args: {} });
    const root = this.settings.imageUrl === '' ? linkBase(request).versioned : this.settings.imageUrl;
    return answer(request, image.id, `${root}/images/${image.id}`);
  }

  async createBackup(request: ApiRequest<CreateBackupBody>): Promise<ApiReply> {
    const { name, backup_type, metadata = {} } = request.body.createBackup;
    const rotation = Number(request.body.createBackup.rotation);
    const wish = () => {
      if (rotation === 0 && request.extension !== undefined)
        throw invalid('compute.server.rotation', 'rotation must be at least 1; purgeBackups deletes all backups.');
      this.#check(request, metadata);
      return { name, type: 'backup', properties: { ...metadata, backup_type } } as const;
    };
    const order = { action: 'createBackup', wish, args: { backup_type, rotation } } as const;
    const image = await this.makeServerImage.run(request, serverId(request), order);
    const location = `${linkBase(request).versioned}/images/${image.id}`;
    return answer(request, image.id, rotation > 0 ? location : undefined);
  }

  /** @throws AppError 403 for more metadata than an image may have, up to 2.38; 400 */
  #check({ version }: Pick<ApiRequest, 'version'>, metadata: Metadata): void {
    const limit = this.settings.quotas.metadata_items;
    if (version < Since.noImageMetadata && limit >= 0 && Object.keys(metadata).length > limit)
      throw forbidden('compute.metadata.over_quota', 'Image metadata limit exceeded');
    checkFree(metadata);
  }
}

/** The image by its id; up to 2.44 by its address, which not every one has. */
const answer = ({ version }: Pick<ApiRequest, 'version'>, id: string, location: string | undefined): ApiReply => {
  if (version >= Since.imageIdInBody) return accepted({ image_id: id });
  return accepted(undefined, location === undefined ? {} : { location });
};
