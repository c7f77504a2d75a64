import { type ApiReply, type ApiRequest, accepted, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { type UserVolumes, VolumeService } from '@kilonova/volume-client';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';
import { isTrue } from '../common/values.js';
import { requesterOf } from '../server/block-device/requester.js';
import { volumeNotFound } from '../server/block-device/volume-not-found.js';
import { listPart } from './list-part.js';
import { refusedToUser } from './refused-to-user.js';
import { snapshotView } from './volume.view.js';

interface NewSnapshotBody {
  readonly snapshot: {
    readonly volume_id: string;
    readonly force?: boolean | string;
    readonly display_name?: string;
    readonly display_description?: string;
  };
}

const noSnapshot = (id: string): string => `Snapshot ${id} could not be found.`;

/** `/os-snapshots` up to 2.35, as `/os-volumes`. */
@Injectable()
export class SnapshotController {
  constructor(
    private readonly volumes: VolumeService,
    private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const found = await this.#ofUser(request).snapshots(request.ctx, listPart(request, this.settings.api.maxLimit));
    return ok({ snapshots: found.map(snapshotView) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const found = await this.#ofUser(request).snapshot(request.ctx, id);
    if (found === undefined) throw notFound('compute.snapshot.not_found', noSnapshot(id));
    return ok({ snapshot: snapshotView(found) });
  }

  async create(request: ApiRequest<NewSnapshotBody>): Promise<ApiReply> {
    const { volume_id: volumeId, force = false, display_name: name, display_description: description } = request.body.snapshot;
    const wanted = { volumeId, force: isTrue(force), name, description };
    const made = await this.#ofUser(request).createSnapshot(request.ctx, wanted);
    if (made.outcome === 'refused') throw refusedToUser(made, volumeNotFound(volumeId).message);
    return ok({ snapshot: snapshotView(made.snapshot) });
  }

  async delete(request: ApiRequest): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const deleted = await this.#ofUser(request).deleteSnapshot(request.ctx, id);
    if (deleted.outcome === 'refused') throw refusedToUser(deleted, noSnapshot(id));
    return accepted();
  }

  #ofUser(request: ApiRequest<unknown>): UserVolumes {
    return this.volumes.asUser(requesterOf(request));
  }
}
