import { isVolume } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, accepted, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../../common/model/microversion.js';
import { serverId } from '../core/server-id.js';
import { type ServerInCell, type ServerInRequest, ServerLocator } from '../core/server-locator.service.js';
import { type AttachBody, AttachVolume } from './attach-volume.service.js';
import { ChangeAttachment, type ChangeBody } from './change-attachment.service.js';
import { DetachVolume } from './detach-volume.service.js';
import { attachedVolume, ServerVolumes } from './server-volumes.service.js';
import { attachingView, attachmentView } from './volume-attachment.view.js';

const volumeId = (request: ApiRequest<unknown>): string => request.params['volume'] as string;

/** Volumes of a server. */
@Injectable()
export class VolumeAttachmentController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly servers: ServerVolumes,
    private readonly attachVolume: AttachVolume,
    private readonly detachVolume: DetachVolume,
    private readonly changeAttachment: ChangeAttachment,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const server = await this.#server(request);
    const all = server.devices.filter(isVolume).map((device) => attachmentView(server.instance.uuid, device, request.version));
    const offset = Number(request.query.get('offset') ?? 0);
    const limit = Number(request.query.get('limit') ?? all.length);
    return ok({ volumeAttachments: all.slice(offset, offset + limit) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const server = await this.#server(request);
    const id = volumeId(request);
    const device = attachedVolume(server, id);
    if (device !== undefined) return ok({ volumeAttachment: attachmentView(server.instance.uuid, device, request.version) });
    await this.servers.volume(request, id);
    throw notFound('compute.attachment.not_found', `Instance ${server.instance.uuid} is not attached to volume ${id}`);
  }

  async attach(request: ApiRequest<AttachBody>): Promise<ApiReply> {
    const device = await this.attachVolume.run(request);
    if (request.version >= Since.silentAttach) return accepted();
    return ok({ volumeAttachment: attachingView(serverId(request).toLowerCase(), device, request.version) });
  }

  async change(request: ApiRequest<ChangeBody>): Promise<ApiReply> {
    await this.changeAttachment.run(request, volumeId(request));
    return accepted();
  }

  async detach(request: ApiRequest): Promise<ApiReply> {
    await this.detachVolume.run(request, volumeId(request));
    return accepted();
  }

  #server(request: ApiRequest): Promise<ServerInCell | ServerInRequest> {
    return this.locator.reach(request, serverId(request));
  }
}
