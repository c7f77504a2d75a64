import { messages } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { AskAgent } from '../../core/ask-agent.service.js';
import { serverId } from '../../core/server-id.js';

/** Has guests read their network settings anew. */
@Injectable()
export class NetworkInfoController {
  constructor(private readonly askAgent: AskAgent) {}

  async inject(request: ApiRequest): Promise<ApiReply> {
    await this.askAgent.run(request.ctx, request, serverId(request), 'injectNetworkInfo', messages.injectNetworkInfo, {});
    return accepted();
  }
}
