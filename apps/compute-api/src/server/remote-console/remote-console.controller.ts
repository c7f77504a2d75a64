import type { ApiReply, ApiRequest } from '@kilonova/http';
import { invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** Consoles of a server: hosts offer none. */
@Injectable()
export class RemoteConsoleController {
  constructor(private readonly locator: ServerLocator) {}

  async create(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    const [wanted] = Object.values(request.body as Record<string, { readonly type?: string }>);
    throw invalid('compute.console.unavailable', `Unavailable console type ${wanted?.type ?? ''}.`);
  }
}
