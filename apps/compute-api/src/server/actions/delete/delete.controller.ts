import { type ApiReply, type ApiRequest, accepted, noContent } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../../common/settings.js';
import { serverId } from '../../core/server-id.js';
import { DeleteServer } from './delete-server.service.js';

/** Deletes servers: softly where a delay is configured, by force at once whatever it is. */
@Injectable()
export class DeleteController {
  constructor(
    private readonly deleteServer: DeleteServer,
    private readonly settings: ComputeSettings,
  ) {}

  async delete(request: ApiRequest): Promise<ApiReply> {
    const how = this.settings.api.reclaimInstanceIntervalSeconds > 0 ? 'softly' : 'at once';
    await this.deleteServer.run(request.ctx, request, serverId(request), how);
    return noContent();
  }

  async forceDelete(request: ApiRequest): Promise<ApiReply> {
    await this.deleteServer.run(request.ctx, request, serverId(request));
    return accepted();
  }
}
