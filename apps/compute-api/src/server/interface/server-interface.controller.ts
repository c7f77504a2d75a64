import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';
import { interfaceView } from './server-interface.view.js';

/** Network interfaces of a server, as its cell remembers them; none can be added to, or taken from, a server that runs. */
@Injectable()
export class ServerInterfaceController {
  constructor(private readonly locator: ServerLocator) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const { instance } = await this.locator.reach(request, serverId(request));
    return ok({ interfaceAttachments: instance.network_info.map((vif) => interfaceView(vif, request.version)) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const { instance } = await this.locator.reach(request, serverId(request));
    const port = request.params['port'] as string;
    const vif = instance.network_info.find(({ port_id }) => port_id === port);
    if (vif !== undefined) return ok({ interfaceAttachment: interfaceView(vif, request.version) });
    throw notFound('compute.interface.not_found', `Instance ${instance.uuid} does not have a port with id ${port}`);
  }

  /** Detached: there is none with this port. */
  async notFound(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    throw notFound('compute.interface.not_found', `Port id ${request.params['port']} could not be found.`);
  }

  async attach(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    const { net_id: network, port_id: port } =
      (request.body as { interfaceAttachment?: { net_id?: string; port_id?: string } }).interfaceAttachment ?? {};
    if (port !== undefined) throw notFound('compute.port.not_found', `Port ${port} not found.`);
    if (network !== undefined) throw notFound('compute.network.not_found', `Network ${network} could not be found.`);
    throw invalid('compute.interface.no_network', 'No network could be chosen: this cloud has no network service.');
  }
}
