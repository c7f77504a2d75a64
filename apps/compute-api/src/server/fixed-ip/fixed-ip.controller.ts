import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { type NetworkOutcome, NetworkService, ownPorts, type Port, type WantedIp } from '@kilonova/network-client';
import { type AppError, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { refuseAction } from '../core/model/refuse-action.js';
import { serverId } from '../core/server-id.js';
import { type ServerInCell, ServerLocator, serverNotFound } from '../core/server-locator.service.js';
import { RefreshInterfaces } from '../interface/refresh-interfaces.service.js';

type AddRequest = ApiRequest<{ readonly addFixedIp: { readonly networkId: string | number } }>;
type RemoveRequest = ApiRequest<{ readonly removeFixedIp: { readonly address: string } }>;

/** Further addresses of a server's ports, and fewer, as of old. */
@Injectable()
export class FixedIpController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly networks: NetworkService,
    private readonly refresh: RefreshInterfaces,
  ) {}

  async add(request: AddRequest): Promise<ApiReply> {
    const server = await this.#server(request, 'addFixedIp');
    const networkId = String(request.body.addFixedIp.networkId);
    const ports = await ownPorts(request.ctx, this.networks, server.instance);
    const port = ports.find((each) => each.networkId === networkId && each.fixedIps.length > 0);
    const subnetId = port?.fixedIps[0]?.subnetId;
    if (port === undefined || subnetId === undefined)
      throw notFound('compute.network.not_on_server', `Network could not be found for instance ${server.instance.uuid}.`);
    return this.#set(request, server, port, [...port.fixedIps, { subnetId }]);
  }

  async remove(request: RemoveRequest): Promise<ApiReply> {
    const server = await this.#server(request, 'removeFixedIp');
    const { address: wanted } = request.body.removeFixedIp;
    const ports = await ownPorts(request.ctx, this.networks, server.instance);
    const port = ports.find(({ fixedIps }) => fixedIps.some(({ address }) => address === wanted));
    if (port === undefined)
      throw invalid('compute.fixed_ip.not_on_server', `Instance ${server.instance.uuid} has no fixed IP '${wanted}'.`);
    const kept = port.fixedIps.filter(({ address }) => address !== wanted);
    return this.#set(request, server, port, kept);
  }

  async #server(request: AddRequest | RemoveRequest, action: 'addFixedIp' | 'removeFixedIp'): Promise<ServerInCell> {
    const found = await this.locator.reach(request, serverId(request));
    refuseAction(action, found, request.principal);
    if (found.where !== 'cell') throw serverNotFound(found.entry.uuid);
    return found;
  }

  async #set(request: ApiRequest<unknown>, server: ServerInCell, { id }: Port, wanted: readonly WantedIp[]): Promise<ApiReply> {
    const set = await this.networks.setFixedIps(request.ctx, id, wanted);
    if (set.outcome === 'refused') throw refusedIp(set);
    await this.refresh.run(request.ctx, server);
    return accepted();
  }
}

const refusedIp = ({ reason, message }: Extract<NetworkOutcome<object>, { outcome: 'refused' }>): AppError =>
  reason === 'not-found' ? notFound('compute.port.not_found', message) : invalid('compute.fixed_ip.refused', message);
