import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../../core/accept-action.service.js';
import { serverId } from '../../core/server-id.js';

/** Switches servers on and off. */
@Injectable()
export class PowerController {
  constructor(private readonly acceptAction: AcceptAction) {}

  async start(request: ApiRequest): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, serverId(request), 'start', {});
    return accepted();
  }

  async stop(request: ApiRequest): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, serverId(request), 'stop', { clean_shutdown: true });
    return accepted();
  }
}
