import type { ApiReply, ApiRequest } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** Floating addresses of a server: there is no network service, so there are none to add or remove. */
@Injectable()
export class ServerFloatingIpController {
  constructor(private readonly locator: ServerLocator) {}

  async notFound(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    throw notFound('compute.floating_ip.not_found', 'floating IP not found');
  }
}
