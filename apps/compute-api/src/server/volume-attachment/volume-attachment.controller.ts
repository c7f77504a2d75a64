import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { type AppError, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** Volumes of a server: there is no volume service, so there are none, and none can be attached. */
@Injectable()
export class VolumeAttachmentController {
  constructor(private readonly locator: ServerLocator) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    return ok({ volumeAttachments: [] });
  }

  /** Shown or detached: there is no such volume. */
  async notFound(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    throw volumeNotFound(request.params['volume'] as string);
  }

  async attach(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    const { volumeAttachment } = request.body as { volumeAttachment: { volumeId: string } };
    throw volumeNotFound(volumeAttachment.volumeId);
  }
}

const volumeNotFound = (id: string): AppError => notFound('compute.volume.not_found', `Volume ${id} could not be found.`);
