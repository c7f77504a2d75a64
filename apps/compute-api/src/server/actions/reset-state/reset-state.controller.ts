import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { serverId } from '../../core/server-id.js';
import { ResetServerState } from './reset-server-state.service.js';

/** Sets the state of servers by an administrator's word. */
@Injectable()
export class ResetStateController {
  constructor(private readonly resetServerState: ResetServerState) {}

  async resetState(request: ApiRequest<{ readonly 'os-resetState': { readonly state: 'active' | 'error' } }>): Promise<ApiReply> {
    await this.resetServerState.run(request.ctx, request, serverId(request), request.body['os-resetState'].state);
    return accepted();
  }
}
