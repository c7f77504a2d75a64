import type { RestReply, RestRequest } from '@kilonova/rest-client';
import { type Ctx, isUuid } from '@kilonova/util';
import type { Network, NetworkOutcome, NewPort, Port, Requester, Subnet, WantedIp } from '../network.js';
import { NetworkService } from '../network-service.port.js';
import { NeutronSecurityGroups } from './neutron-security-groups.js';
import { ask, isDone, isHidden, type NeutronTransport, refusalOf, unexpected } from './neutron-transport.js';

interface NetworkDocument {
  readonly id: string;
  readonly name: string;
  readonly subnets?: readonly string[];
  readonly shared?: boolean;
  readonly 'router:external'?: boolean;
}

interface PortDocument {
  readonly id: string;
  readonly tenant_id: string;
  readonly network_id: string;
  readonly mac_address: string;
  readonly fixed_ips: ReadonlyArray<{ readonly ip_address: string; readonly subnet_id: string }>;
  readonly device_id: string;
  readonly status: string;
  /** Shown to administrators, and to owners of ports. */
  readonly 'binding:vnic_type'?: string;
  readonly resource_request?: object | null;
  readonly security_groups?: readonly string[];
  readonly port_security_enabled?: boolean;
}

interface SubnetDocument {
  readonly id: string;
  readonly network_id: string;
  /** Left out where segments are not an extension of this Neutron. */
  readonly segment_id?: string | null;
}

const networkOf = ({ id, name, subnets = [], shared = false, ...rest }: NetworkDocument): Network => ({
  id,
  name,
  hasSubnets: subnets.length > 0,
  isExternal: rest['router:external'] === true && !shared,
});

const portOf = (port: PortDocument): Port => ({
  id: port.id,
  projectId: port.tenant_id,
  networkId: port.network_id,
  macAddress: port.mac_address,
  fixedIps: port.fixed_ips.map(({ ip_address, subnet_id }) => ({ address: ip_address, subnetId: subnet_id })),
  serverId: port.device_id,
  status: port.status,
  vnicType: port['binding:vnic_type'] ?? 'normal',
  needsResources: Object.keys(port.resource_request ?? {}).length > 0,
  securityGroups: port.security_groups ?? [],
  portSecurity: port.port_security_enabled ?? true,
});

/** Ids in one address: longer ones are refused by servers. */
const IDS_A_REQUEST = 50;

/** Asks for things by id, so many at once. */
async function inParts<T>(
  ids: readonly string[],
  list: (query: URLSearchParams) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (let from = 0; from < ids.length; from += IDS_A_REQUEST) {
    const part = ids.slice(from, from + IDS_A_REQUEST);
    found.push(...(await list(new URLSearchParams(part.map((id) => ['id', id] as [string, string])))));
  }
  return found;
}

/** Networks of a Neutron v2. Ports of servers carry the binding extension. */
export class NeutronNetworks extends NetworkService {
  readonly isThere = true;
  readonly securityGroups: NeutronSecurityGroups;

  constructor(private readonly transport: NeutronTransport) {
    super();
    this.securityGroups = new NeutronSecurityGroups(transport);
  }

  async available(ctx: Ctx, who: Requester): Promise<readonly Network[]> {
    const own = new URLSearchParams({ tenant_id: who.projectId, shared: 'False' });
    const as = (path: string) => this.#networks((request) => this.transport.sendAs(ctx, who.token, request), path);
    const [mine, shared] = await Promise.all([as(`/networks?${own}`), as('/networks?shared=True')]);
    return [...mine, ...shared];
  }

  async findNetwork(ctx: Ctx, who: Requester, networkId: string): Promise<Network | undefined> {
    if (!isUuid(networkId)) return undefined;
    const reply = await this.transport.sendAs<{ network: NetworkDocument }>(ctx, who.token, ask('GET', `/networks/${networkId}`));
    if (isHidden(reply)) return undefined;
    if (!isDone(reply)) throw unexpected(reply.status, 'for a network');
    return networkOf(reply.body.network);
  }

  async findPort(ctx: Ctx, who: Requester, portId: string): Promise<Port | undefined> {
    if (!isUuid(portId)) return undefined;
    const reply = await this.transport.sendAs<{ port: PortDocument }>(ctx, who.token, ask('GET', `/ports/${portId}`));
    if (isHidden(reply)) return undefined;
    if (!isDone(reply)) throw unexpected(reply.status, 'for a port');
    return portOf(reply.body.port);
  }

  async networks(ctx: Ctx, ids: readonly string[]): Promise<readonly Network[]> {
    return inParts(ids, (query) => this.#networks((request) => this.transport.send(ctx, request), `/networks?${query}`));
  }

  async ports(ctx: Ctx, ids: readonly string[]): Promise<readonly Port[]> {
    return inParts(ids, (query) => this.#ports(ctx, query));
  }

  async subnets(ctx: Ctx, networkId: string): Promise<readonly Subnet[]> {
    const query = new URLSearchParams({ network_id: networkId });
    const reply = await this.transport.send<{ subnets: readonly SubnetDocument[] }>(ctx, ask('GET', `/subnets?${query}`));
    if (!isDone(reply)) throw unexpected(reply.status, 'for subnets');
    return reply.body.subnets.map(({ id, network_id, segment_id = null }) => ({
      id,
      networkId: network_id,
      segmentId: segment_id,
    }));
  }

  async portsOf(ctx: Ctx, serverId: string): Promise<readonly Port[]> {
    const ports = await this.#ports(ctx, new URLSearchParams({ device_id: serverId }));
    return ports.filter((port) => port.serverId === serverId);
  }

  async createPort(ctx: Ctx, wanted: NewPort): Promise<NetworkOutcome<{ readonly port: Port }>> {
    const { networkId, projectId, serverId, host, address, securityGroups } = wanted;
    const port = {
      network_id: networkId,
      tenant_id: projectId,
      device_id: serverId,
      device_owner: 'compute:nova',
      'binding:host_id': host,
      admin_state_up: true,
      ...(address === undefined ? {} : { fixed_ips: [{ ip_address: address }] }),
      ...(securityGroups === undefined ? {} : { security_groups: securityGroups }),
    };
    return this.#port(await this.transport.send(ctx, ask('POST', '/ports', { port })), 'for a port');
  }

  async bindPort(ctx: Ctx, portId: string, serverId: string, host: string): Promise<NetworkOutcome<{ readonly port: Port }>> {
    const port = { device_id: serverId, device_owner: 'compute:nova', 'binding:host_id': host };
    return this.#port(await this.transport.send(ctx, ask('PUT', `/ports/${portId}`, { port })), 'to bind a port');
  }

  async setFixedIps(ctx: Ctx, portId: string, wanted: readonly WantedIp[]): Promise<NetworkOutcome<{ readonly port: Port }>> {
    const fixed_ips = wanted.map(({ subnetId, address }) => ({ subnet_id: subnetId, ip_address: address }));
    return this.#port(await this.transport.send(ctx, ask('PUT', `/ports/${portId}`, { port: { fixed_ips } })), 'for addresses');
  }

  async unbindPort(ctx: Ctx, portId: string): Promise<void> {
    const port = { device_id: '', device_owner: '', 'binding:host_id': '' };
    const reply = await this.transport.send(ctx, ask('PUT', `/ports/${portId}`, { port }));
    if (!isDone(reply) && reply.status !== 404) throw unexpected(reply.status, 'to unbind a port');
  }

  async deletePort(ctx: Ctx, portId: string): Promise<void> {
    const reply = await this.transport.send(ctx, ask('DELETE', `/ports/${portId}`));
    if (!isDone(reply) && reply.status !== 404) throw unexpected(reply.status, 'to delete a port');
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  async #ports(ctx: Ctx, query: URLSearchParams): Promise<readonly Port[]> {
    const reply = await this.transport.send<{ ports: readonly PortDocument[] }>(ctx, ask('GET', `/ports?${query}`));
    if (!isDone(reply)) throw unexpected(reply.status, 'for ports');
    return reply.body.ports.map(portOf);
  }

  #port(reply: RestReply<{ port: PortDocument }>, what: string): NetworkOutcome<{ readonly port: Port }> {
    return isDone(reply) ? { outcome: 'done', port: portOf(reply.body.port) } : refusalOf(reply, what);
  }

  async #networks(
    send: (request: RestRequest) => Promise<RestReply<{ networks: readonly NetworkDocument[] }>>,
    path: string,
  ): Promise<readonly Network[]> {
    const reply = await send(ask('GET', path));
    if (!isDone(reply)) throw unexpected(reply.status, 'for networks');
    return reply.body.networks.map(networkOf);
  }
}
