import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { plainAddressesOf } from '../core/addresses.view.js';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** Addresses of a server, as its cell remembers them. */
@Injectable()
export class ServerAddressController {
  constructor(private readonly locator: ServerLocator) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const { instance } = await this.locator.reach(request, serverId(request));
    return ok({ addresses: plainAddressesOf(instance.network_info) });
  }

  async ofNetwork(request: ApiRequest): Promise<ApiReply> {
    const { instance } = await this.locator.reach(request, serverId(request));
    const network = request.params['network'] as string;
    const addresses = plainAddressesOf(instance.network_info);
    if (Object.hasOwn(addresses, network)) return ok({ [network]: addresses[network] });
    throw notFound('compute.ips.not_found', 'Instance is not a member of specified network');
  }
}
