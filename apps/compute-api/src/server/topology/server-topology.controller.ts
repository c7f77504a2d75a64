import type { ApiReply, ApiRequest } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** The NUMA topology of a server: none has one. */
@Injectable()
export class ServerTopologyController {
  constructor(private readonly locator: ServerLocator) {}

  async show(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    throw notFound('compute.topology.not_found', `No NUMA topology found for instance ${request.params['id']}`);
  }
}
