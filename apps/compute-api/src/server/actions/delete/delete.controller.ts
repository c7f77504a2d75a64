import { type ApiReply, type ApiRequest, accepted, noContent } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { serverId } from '../../core/server-id.js';
import { DeleteServer } from './delete-server.service.js';

/** Deletes servers. There is no delayed deletion that would have to be cut short: by force is like any other way. */
@Injectable()
export class DeleteController {
  constructor(private readonly deleteServer: DeleteServer) {}

  async delete(request: ApiRequest): Promise<ApiReply> {
    await this.deleteServer.run(request.ctx, request, serverId(request));
    return noContent();
  }

  async forceDelete(request: ApiRequest): Promise<ApiReply> {
    await this.deleteServer.run(request.ctx, request, serverId(request));
    return accepted();
  }
}
