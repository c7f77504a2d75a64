import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { type Network, NetworkService } from '@kilonova/network-client';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { requesterOf } from '../server/block-device/requester.js';
import { networkView, tenantNetworkView } from './network.view.js';

/** What up to 2.35 was passed on to the network service, in the caller's name. */
@Injectable()
export class NetworkController {
  constructor(private readonly networks: NetworkService) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const all = await this.networks.available(request.ctx, requesterOf(request));
    return ok({ networks: all.map((network) => networkView(network, request.principal.isAdmin)) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    return ok({ network: networkView(await this.#network(request), request.principal.isAdmin) });
  }

  async tenantIndex(request: ApiRequest): Promise<ApiReply> {
    const all = await this.networks.available(request.ctx, requesterOf(request));
    return ok({ networks: all.map(tenantNetworkView) });
  }

  async tenantShow(request: ApiRequest): Promise<ApiReply> {
    return ok({ network: tenantNetworkView(await this.#network(request)) });
  }

  async #network(request: ApiRequest): Promise<Network> {
    const id = request.params['id'] as string;
    const found = this.networks.isThere ? await this.networks.findNetwork(request.ctx, requesterOf(request), id) : undefined;
    if (found === undefined) throw notFound('compute.network.not_found', `Network ${id} could not be found.`);
    return found;
  }
}
