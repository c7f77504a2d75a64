import type { RequestedNetwork, RequestSpec } from '@kilonova/compute-objects';
import type { NetworkService, Port, Subnet } from '@kilonova/network-client';
import type { PlacementClient } from '@kilonova/placement-client';
import { BoundedCache, type Ctx } from '@kilonova/util';
import { type NetworkDemand, type NetworkRoute, NO_NETWORK_DEMAND } from '../model/request/network-demand.js';

/** Networks and segments that are remembered, and for how long: operators change them by hand. */
const KNOWN = 10_000;
const KNOWN_MS = 30_000;

/** How a port reaches a guest whose host leaves it to a device with a control plane of its own. */
const REMOTE_MANAGED = 'remote-managed';

/**
 * Finds out what the networks and ports of a request ask of a host: ports that a device manages by itself need a host that has
 * such devices; routed networks reach the hosts of their segments alone, which placement knows as aggregates of a
 * provider with the segment's uuid. Source: Nova's request filters `remote_managed_ports` and `routed_networks`.
 */
export class NetworkDemands {
  readonly #subnets = new BoundedCache<string, readonly Subnet[]>(KNOWN, KNOWN_MS);
  readonly #aggregates = new BoundedCache<string, readonly string[]>(KNOWN, KNOWN_MS);

  /** @param isRouted whether segments of networks are looked at */
  constructor(
    private readonly networks: Pick<NetworkService, 'isThere' | 'ports' | 'subnets'>,
    private readonly placement: Pick<PlacementClient, 'aggregatesOf'>,
    private readonly isRouted: boolean,
  ) {}

  /** @throws AppError `dependency` when the network service or placement does not answer */
  async of(ctx: Ctx, { requested_networks: requested }: Pick<RequestSpec, 'requested_networks'>): Promise<NetworkDemand> {
    if (!this.networks.isThere || typeof requested === 'string') return NO_NETWORK_DEMAND;
    const ports = await this.#ports(ctx, requested);
    const isManaged = [...ports.values()].some(({ vnicType }) => vnicType === REMOTE_MANAGED);
    return {
      rootRequired: isManaged ? ['COMPUTE_REMOTE_MANAGED_PORTS'] : [],
      routes: this.isRouted ? await this.#routes(ctx, requested, ports) : [],
    };
  }

  async #ports(ctx: Ctx, requested: readonly RequestedNetwork[]): Promise<ReadonlyMap<string, Port>> {
    const ids = requested.flatMap(({ port }) => port ?? []);
    const found = ids.length === 0 ? [] : await this.networks.ports(ctx, ids);
    return new Map(found.map((port) => [port.id, port]));
  }

  async #routes(ctx: Ctx, requested: readonly RequestedNetwork[], ports: ReadonlyMap<string, Port>): Promise<NetworkRoute[]> {
    const routes = new Map<string, NetworkRoute>();
    for (const { uuid, port: portId } of requested) {
      const port = ports.get(portId ?? '');
      const networkId = port?.networkId ?? uuid;
      if (networkId === undefined) continue;
      for (const route of await this.#routesOf(ctx, networkId, port?.fixedIps ?? [])) routes.set(route.of, route);
    }
    return [...routes.values()];
  }

  /** Of the subnets that a port has addresses in; without any, of the network as a whole. */
  async #routesOf(ctx: Ctx, networkId: string, fixedIps: Port['fixedIps']): Promise<readonly NetworkRoute[]> {
    const routed = (await this.#subnetsOf(ctx, networkId)).filter(({ segmentId }) => segmentId !== null);
    if (routed.length === 0) return [];
    const chosen = routed.filter(({ id }) => fixedIps.some(({ subnetId }) => subnetId === id));
    if (chosen.length === 0) return [{ of: `network ${networkId}`, aggregates: await this.#reached(ctx, routed) }];
    return Promise.all(
      chosen.map(async (subnet) => ({ of: `subnet ${subnet.id}`, aggregates: await this.#reached(ctx, [subnet]) })),
    );
  }

  async #subnetsOf(ctx: Ctx, networkId: string): Promise<readonly Subnet[]> {
    const known = this.#subnets.get(networkId) ?? (await this.networks.subnets(ctx, networkId));
    this.#subnets.set(networkId, known);
    return known;
  }

  async #reached(ctx: Ctx, subnets: readonly Subnet[]): Promise<readonly string[]> {
    const segments = [...new Set(subnets.flatMap(({ segmentId }) => segmentId ?? []))];
    const reached = await Promise.all(segments.map((segment) => this.#aggregatesOf(ctx, segment)));
    return [...new Set(reached.flat())].sort();
  }

  /** What is not there yet is looked for each time: an operator is about to make it. */
  async #aggregatesOf(ctx: Ctx, segment: string): Promise<readonly string[]> {
    const known = this.#aggregates.get(segment) ?? (await this.placement.aggregatesOf(ctx, segment));
    if (known.length > 0) this.#aggregates.set(segment, known);
    return known;
  }
}
