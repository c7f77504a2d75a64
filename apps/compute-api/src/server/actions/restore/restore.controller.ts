import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { serverId } from '../../core/server-id.js';
import { RestoreServer } from './restore-server.service.js';

/** Brings back what was deleted with delay. */
@Injectable()
export class RestoreController {
  constructor(private readonly restoreServer: RestoreServer) {}

  async restore(request: ApiRequest): Promise<ApiReply> {
    await this.restoreServer.run(request.ctx, request, serverId(request));
    return accepted();
  }
}
