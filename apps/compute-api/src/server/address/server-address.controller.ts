import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** Addresses of a server: there is no network service, so there are none. */
@Injectable()
export class ServerAddressController {
  constructor(private readonly locator: ServerLocator) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    return ok({ addresses: {} });
  }

  async ofNetwork(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    throw notFound('compute.ips.not_found', 'Instance is not a member of specified network');
  }
}
