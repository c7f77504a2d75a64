import { type ApiReply, type ApiRequest, accepted, ok } from '@kilonova/http';
import { type UserVolumes, VolumeService } from '@kilonova/volume-client';
import { Injectable } from '@nestjs/common';
import { linkBase } from '../common/links.js';
import { ComputeSettings } from '../common/settings.js';
import { integer } from '../common/values.js';
import { requesterOf } from '../server/block-device/requester.js';
import { volumeNotFound } from '../server/block-device/volume-not-found.js';
import { listPart } from './list-part.js';
import { refusedToUser } from './refused-to-user.js';
import { volumeView } from './volume.view.js';

interface NewVolumeBody {
  readonly volume: {
    readonly size: number | string;
    readonly display_name?: string;
    readonly display_description?: string;
    readonly volume_type?: string;
    readonly metadata?: Readonly<Record<string, unknown>>;
    readonly snapshot_id?: string;
    readonly availability_zone?: string;
  };
}

/** `/os-volumes` up to 2.35: the volume service's volumes in the words of this API, as the caller's own token shows them. */
@Injectable()
export class VolumeController {
  constructor(
    private readonly volumes: VolumeService,
    private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const found = await this.#ofUser(request).volumes(request.ctx, listPart(request, this.settings.api.maxLimit));
    return ok({ volumes: found.map(volumeView) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const found = await this.#ofUser(request).volume(request.ctx, id);
    if (found === undefined) throw volumeNotFound(id);
    return ok({ volume: volumeView(found) });
  }

  async create(request: ApiRequest<NewVolumeBody>): Promise<ApiReply> {
    const { volume } = request.body;
    const made = await this.#ofUser(request).createVolume(request.ctx, {
      size: integer(volume.size, 'size'),
      name: volume.display_name,
      description: volume.display_description,
      type: volume.volume_type,
      metadata: volume.metadata,
      snapshotId: volume.snapshot_id,
      availabilityZone: volume.availability_zone,
    });
    if (made.outcome === 'refused') throw refusedToUser(made);
    const location = `${linkBase(request).versioned}/os-volumes/${made.volume.id}`;
    return { ...ok({ volume: volumeView(made.volume) }), headers: { location } };
  }

  async delete(request: ApiRequest): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const deleted = await this.#ofUser(request).deleteVolume(request.ctx, id);
    if (deleted.outcome === 'refused') throw refusedToUser(deleted, volumeNotFound(id).message);
    return accepted();
  }

  #ofUser(request: ApiRequest<unknown>): UserVolumes {
    return this.volumes.asUser(requesterOf(request));
  }
}
