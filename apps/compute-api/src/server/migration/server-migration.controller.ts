import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** Live migrations of a server that are under way: there are none. */
@Injectable()
export class ServerMigrationController {
  constructor(private readonly locator: ServerLocator) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    return ok({ migrations: [] });
  }

  /** Shown or aborted. */
  async notFound(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    throw notFound(
      'compute.migration.not_found',
      `In-progress live migration ${request.params['migration']} is not found for server ${request.params['id']}.`,
    );
  }
}
