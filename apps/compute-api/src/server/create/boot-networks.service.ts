import type { RequestedNetwork, RequestedNetworks } from '@kilonova/compute-objects';
import { groupOf, type Network, NetworkService, type Requester } from '@kilonova/network-client';
import { type AppError, type Ctx, conflict, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { externalNetwork } from '../interface/model/external-network.js';
import type { CreateRequest } from './model/create-request.js';

/** Whose servers they are, and whether these may be in a network that leads out of the cloud. */
export interface NetworkCaller extends Requester {
  readonly mayUseExternal: boolean;
}

/** What a request for servers says of networks. */
type WantedNetworks = Pick<CreateRequest, 'networks' | 'securityGroups' | 'maxCount'>;

const bad = (reason: string, message: string): AppError => invalid(`compute.server.${reason}`, message);
const networkNotFound = (id: string): AppError => bad('network_not_found', `Network ${id} could not be found.`);
const portNotFound = (id: string): AppError => bad('port_not_found', `Port id ${id} could not be found.`);

/** The networks that new servers are asked to be in: looked up in the caller's name. Ports are made by the agent, with a host. */
@Injectable()
export class BootNetworks {
  constructor(private readonly networks: NetworkService) {}

  /**
   * What the servers' agents will be told. `auto` becomes the project's only network; where there is none, no interface.
   * @throws AppError 400 in Nova's words for what is not there, 403 for what leads out of the cloud, 409 for what is in use or ambiguous; `dependency`
   */
  async resolve(ctx: Ctx, who: NetworkCaller, request: WantedNetworks): Promise<RequestedNetworks> {
    const [networks, groups] = await Promise.all([this.#networks(ctx, who, request), this.#groups(ctx, who, request)]);
    if (typeof networks === 'string' || groups.length === 0) return networks;
    return networks.map((entry) => (entry.port === undefined ? { ...entry, security_groups: groups } : entry));
  }

  async #networks(ctx: Ctx, who: NetworkCaller, { networks, maxCount }: WantedNetworks): Promise<RequestedNetworks> {
    if (networks === 'none') return networks;
    if (networks === 'auto') return this.networks.isThere ? this.#only(ctx, who) : networks;
    for (const entry of networks) await this.#check(ctx, who, entry, maxCount);
    return networks;
  }

  /** Ids; none where only the default is asked for, which every port is in by itself. */
  async #groups(ctx: Ctx, who: NetworkCaller, { securityGroups }: WantedNetworks): Promise<readonly string[]> {
    if (securityGroups.every((name) => name === 'default')) return [];
    return Promise.all(securityGroups.map((name) => this.#group(ctx, who, name)));
  }

  async #group(ctx: Ctx, who: NetworkCaller, name: string): Promise<string> {
    const found = await groupOf(ctx, this.networks.securityGroups, who, name);
    if (found === 'none') throw bad('security_group_not_found', `Unable to find security_group with name or id '${name}'`);
    if (found !== 'several') return found.id;
    throw conflict(
      'compute.security_group.ambiguous',
      `Multiple security_group matches found for name '${name}', use an ID to be more specific.`,
    );
  }

  async #only(ctx: Ctx, who: NetworkCaller): Promise<RequestedNetworks> {
    const usable = ({ hasSubnets, isExternal }: Network) => hasSubnets && (!isExternal || who.mayUseExternal);
    const [only, ...others] = (await this.networks.available(ctx, who)).filter(usable);
    if (others.length > 0)
      throw conflict(
        'compute.server.network_ambiguous',
        'Multiple possible networks found, use a Network ID to be more specific.',
      );
    return only === undefined ? 'none' : [{ uuid: only.id }];
  }

  async #check(
    ctx: Ctx,
    who: NetworkCaller,
    { uuid, port: portId, fixed_ip }: RequestedNetwork,
    maxCount: number,
  ): Promise<void> {
    if (portId !== undefined) return this.#checkPort(ctx, who, portId, maxCount);
    if (fixed_ip !== undefined && maxCount > 1)
      throw bad(
        'address_for_several',
        'Failed to launch instances: max_count cannot be greater than 1 if an fixed_ip is specified.',
      );
    const network = await this.networks.findNetwork(ctx, who, uuid ?? '');
    if (network === undefined) throw networkNotFound(uuid ?? '');
    if (network.isExternal && !who.mayUseExternal) throw externalNetwork(network.id);
    if (!network.hasSubnets)
      throw bad('network_without_subnet', `Network ${network.id} requires a subnet in order to boot instances on.`);
  }

  async #checkPort(ctx: Ctx, who: Requester, portId: string, maxCount: number): Promise<void> {
    if (maxCount > 1)
      throw bad(
        'port_for_several',
        'Unable to launch multiple instances with a single configured port ID. Please launch your instance one by one with different ports.',
      );
    const port = await this.networks.findPort(ctx, who, portId);
    if (port === undefined) throw portNotFound(portId);
    if (port.projectId !== who.projectId) throw bad('port_of_other', `Port ${portId} is not usable for servers of this project.`);
    if (port.serverId !== '') throw conflict('compute.server.port_in_use', `Port ${portId} is still in use.`);
  }
}
