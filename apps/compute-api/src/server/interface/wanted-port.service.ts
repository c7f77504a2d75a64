import type { Instance } from '@kilonova/compute-objects';
import type { ApiRequest } from '@kilonova/http';
import { type Network, type NetworkOutcome, NetworkService, type Port } from '@kilonova/network-client';
import { type AppError, conflict, forbidden, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { requesterOf } from '../block-device/requester.js';
import { externalNetwork, mayUse } from './model/external-network.js';

/** The body of a request for an interface. */
export interface AttachBody {
  readonly interfaceAttachment?: {
    readonly net_id?: string;
    readonly port_id?: string;
    readonly fixed_ips?: ReadonlyArray<{ readonly ip_address: string }>;
    readonly tag?: string;
  };
}

type Wanted = NonNullable<AttachBody['interfaceAttachment']>;

/** A port for a server; `preserve`: it is the caller's own, and was there before. */
export interface PortForServer {
  readonly port: Port;
  readonly preserve: boolean;
}

const bad = (reason: string, message: string): AppError => invalid(`compute.interface.${reason}`, message);
const portNotFound = (id: string): AppError => notFound('compute.port.not_found', `Port id ${id} could not be found.`);

/**
 * The port that a further interface of a server is to have: the caller's own, looked up in their name, or one that is made in the
 * project's name, the server's and bound to its host from the beginning, so that it goes with the server whatever happens.
 */
@Injectable()
export class WantedPort {
  constructor(private readonly networks: NetworkService) {}

  /** @throws AppError 400, 403, 404, 409 in Nova's words; `dependency` */
  async get(request: ApiRequest<AttachBody>, instance: Instance): Promise<PortForServer> {
    const wanted = request.body.interfaceAttachment ?? {};
    checkWanted(wanted);
    if (wanted.port_id !== undefined) return { port: await this.#own(request, instance, wanted.port_id), preserve: true };
    const network = await this.#network(request, instance, wanted.net_id);
    return { port: await this.#make(request, instance, network, wanted.fixed_ips?.[0]?.ip_address), preserve: false };
  }

  /** What was made for a request that failed. What fails now is not told in its place. */
  async giveBack({ ctx }: ApiRequest<unknown>, { port, preserve }: PortForServer): Promise<void> {
    if (!preserve) await this.networks.deletePort(ctx, port.id).catch(() => undefined);
  }

  async #own(request: ApiRequest<AttachBody>, { uuid, project_id }: Instance, id: string): Promise<Port> {
    const port = this.networks.isThere ? await this.networks.findPort(request.ctx, requesterOf(request), id) : undefined;
    if (port === undefined) throw portNotFound(id);
    if (port.projectId !== project_id) throw bad('port_of_other', `Port ${id} not usable for instance ${uuid}.`);
    if (port.serverId !== '') throw conflict('compute.port.in_use', `Port ${id} is still in use.`);
    if (port.fixedIps.length === 0) throw bad('port_without_address', `Port ${id} requires a FixedIP in order to be used.`);
    if (port.vnicType !== 'normal')
      throw bad(
        'port_of_device',
        `Failed to claim PCI device for attaching port ${id} of type ${port.vnicType} to instance ${uuid}.`,
      );
    if (port.needsResources)
      throw bad(
        'port_with_resources',
        `Attaching interfaces with QoS policy is not supported for instance ${uuid}: port ${id} has a resource request.`,
      );
    return port;
  }

  async #network(request: ApiRequest<AttachBody>, { project_id }: Instance, id: string | undefined): Promise<Network> {
    const { isThere } = this.networks;
    if (id === undefined) return this.#only(request, project_id);
    const network = isThere ? await this.networks.findNetwork(request.ctx, requesterOf(request), id) : undefined;
    if (network === undefined) throw notFound('compute.network.not_found', `Network ${id} could not be found.`);
    if (!network.hasSubnets)
      throw bad('network_without_subnet', `Network ${id} requires a subnet in order to attach instances to it.`);
    if (!mayUse(request, network)) throw externalNetwork(id);
    return network;
  }

  async #only(request: ApiRequest<AttachBody>, projectId: string): Promise<Network> {
    const all = this.networks.isThere ? await this.networks.available(request.ctx, requesterOf(request)) : [];
    const [only, ...others] = all.filter((network) => network.hasSubnets && mayUse(request, network));
    if (others.length > 0)
      throw bad('network_ambiguous', 'Multiple possible networks found, use a Network ID to be more specific.');
    if (only !== undefined) return only;
    throw bad('no_network', `No specific network was requested and none are available for project '${projectId}'.`);
  }

  async #make(
    { ctx }: ApiRequest<unknown>,
    { uuid, project_id, host }: Instance,
    { id }: Network,
    address?: string,
  ): Promise<Port> {
    const port = { networkId: id, projectId: project_id, serverId: uuid, host: host ?? '', address };
    const made = await this.networks.createPort(ctx, port);
    if (made.outcome === 'done') return made.port;
    throw refusedPort(made);
  }
}

/** @throws AppError 400 */
function checkWanted({ net_id, port_id, fixed_ips }: Wanted): void {
  if (net_id !== undefined && port_id !== undefined) throw bad('net_and_port', 'Must not input both network_id and port_id');
  if (fixed_ips !== undefined && net_id === undefined)
    throw bad('address_without_network', 'Must input network_id when request IP address');
}

/** Source: what Nova answers to each of Neutron's refusals. */
function refusedPort({ reason, message }: Extract<NetworkOutcome<object>, { outcome: 'refused' }>): AppError {
  if (reason === 'over-quota') return forbidden('compute.port.over_quota', 'Maximum number of ports exceeded');
  if (reason === 'in-use') return conflict('compute.port.address_in_use', message);
  if (reason === 'not-found') return notFound('compute.network.not_found', message);
  return bad(reason === 'no-address' ? 'no_address' : 'address_invalid', message);
}
