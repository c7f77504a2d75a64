import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** Security groups of a server: there is no network service, so there are none, and none can be added. */
@Injectable()
export class ServerSecurityGroupController {
  constructor(private readonly locator: ServerLocator) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    return ok({ security_groups: [] });
  }

  /** Added or removed: there is no such group. */
  async notFound(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    const [group] = Object.values(request.body as Record<string, { readonly name: string }>);
    throw notFound('compute.security_group.not_found', `Security group ${group?.name} not found.`);
  }
}
