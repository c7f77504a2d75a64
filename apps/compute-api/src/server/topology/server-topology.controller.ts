import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** The NUMA topology of a server: no host offers one to guests, and what has none is told without nodes. */
@Injectable()
export class ServerTopologyController {
  constructor(private readonly locator: ServerLocator) {}

  async show(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    return ok({ nodes: [], pagesize_kb: null });
  }
}
