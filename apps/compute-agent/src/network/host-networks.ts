import type { Instance, RequestedNetwork, RequestedNetworks, Vif } from '@kilonova/compute-objects';
import {
  endPort,
  endPorts,
  type NetworkOutcome,
  type NetworkService,
  type OwnFacts,
  ownPorts,
  type Port,
  presentVifs,
  vifsOf,
} from '@kilonova/network-client';
import type { Logger } from '@kilonova/observability';
import { AppError, type Ctx } from '@kilonova/util';

type Server = Pick<Instance, 'uuid' | 'project_id'>;

/** A port, and the entry of the request that it is for. */
interface GivenPort {
  readonly port: Port;
  readonly wanted: RequestedNetwork;
}

function demand<T>(outcome: NetworkOutcome<T>): T {
  if (outcome.outcome === 'done') return outcome;
  const kind = outcome.reason === 'not-found' ? 'not-found' : 'conflict';
  throw new AppError({ kind, code: 'agent.network.refused', message: outcome.message });
}

/** The interfaces of one host's guests: ports made or bound when a server is built, given back when it ends. */
export class HostNetworks {
  constructor(
    private readonly service: NetworkService,
    private readonly host: string,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Makes and binds what a server asks for; asked again, it finds what was done before. @throws AppError when it cannot be had */
  async allocate(ctx: Ctx, server: Server, requested: RequestedNetworks): Promise<readonly Vif[]> {
    if (typeof requested === 'string' || requested.length === 0) return [];
    const present = await ownPorts(ctx, this.service, server);
    const given: GivenPort[] = [];
    for (const wanted of requested) given.push({ port: await this.#port(ctx, server, wanted, present), wanted });
    const entryOf = new Map(given.map(({ port, wanted }) => [port.id, wanted]));
    const ports = given.map(({ port }) => port);
    return vifsOf(ctx, this.service, ports, ({ id }) => ({
      preserve: entryOf.get(id)?.port !== undefined,
      tag: entryOf.get(id)?.tag ?? null,
    }));
  }

  /** Whether there is a network service to be asked. */
  get isThere(): boolean {
    return this.service.isThere;
  }

  /** The interfaces of a server as they are now. @throws AppError `dependency` */
  present(ctx: Ctx, server: Pick<Instance, 'uuid' | 'project_id' | 'network_info'>): Promise<readonly Vif[]> {
    return presentVifs(ctx, this.service, server);
  }

  /** Binds the ports that a server has to this host: it came from another, or from none. @throws AppError when one cannot be bound */
  async bindHere(ctx: Ctx, { uuid, network_info }: Pick<Instance, 'uuid' | 'network_info'>): Promise<void> {
    for (const { port_id } of network_info) demand(await this.service.bindPort(ctx, port_id, uuid, this.host));
  }

  /** Binds one port to a server here, as often as it is told. @throws AppError when it cannot be had */
  async take(ctx: Ctx, serverId: string, portId: string, { preserve, tag }: OwnFacts): Promise<Vif> {
    const { port } = demand(await this.service.bindPort(ctx, portId, serverId, this.host));
    const [vif] = await vifsOf(ctx, this.service, [port], () => ({ preserve, tag }));
    return vif as Vif;
  }

  /** Gives one port back. @throws AppError `dependency` when the network service does not answer */
  giveBack(ctx: Ctx, vif: Pick<Vif, 'port_id' | 'preserve'>): Promise<void> {
    return endPort(ctx, this.service, vif);
  }

  /** The same where something failed already: what the network service does not do now is told in the log. */
  async tryGiveBack(ctx: Ctx, serverId: string, vif: Pick<Vif, 'port_id' | 'preserve'>): Promise<void> {
    await this.giveBack(ctx, vif).catch((err: unknown) => this.#notGivenBack(err, serverId, vif.port_id));
  }

  /** Gives back what a server had. A delete always wins: what the network service does not do now is told in the log. */
  async end(ctx: Ctx, serverId: string, preserved: readonly string[]): Promise<void> {
    await endPorts(ctx, this.service, serverId, preserved, (port, err) => this.#notGivenBack(err, serverId, port));
  }

  #notGivenBack(err: unknown, instance: string, port: string): void {
    this.log.warn({ err, instance, port }, 'a port was not given back');
  }

  /** @param present ports of the server that no entry has taken yet: those of an earlier try of the same build */
  async #port(ctx: Ctx, server: Server, wanted: RequestedNetwork, present: Port[]): Promise<Port> {
    if (wanted.port !== undefined) return demand(await this.service.bindPort(ctx, wanted.port, server.uuid, this.host)).port;
    const networkId = wanted.uuid ?? '';
    const index = present.findIndex((port) => port.networkId === networkId);
    const [earlier] = index < 0 ? [] : present.splice(index, 1);
    if (earlier !== undefined) return demand(await this.service.bindPort(ctx, earlier.id, server.uuid, this.host)).port;
    const { fixed_ip: address, security_groups: securityGroups } = wanted;
    const place = { networkId, projectId: server.project_id, serverId: server.uuid, host: this.host };
    return demand(await this.service.createPort(ctx, { ...place, address, securityGroups })).port;
  }
}

/** Ports of a request that were there before the server. */
export const preservedOf = (requested: RequestedNetworks): readonly string[] =>
  typeof requested === 'string' ? [] : requested.flatMap(({ port }) => port ?? []);
