import type { Ctx } from '@kilonova/util';
import type { Network, NetworkOutcome, NewPort, Port, Requester, Subnet, WantedIp } from './network.js';
import type { SecurityGroups } from './security-groups.port.js';

/**
 * The networks of servers. What a user sees goes by the user's token; ports, which outlive every token, go by the service's own.
 * Every method is safe to repeat but `createPort`, and `setFixedIps` where it leaves the choice. Each throws AppError of kind `dependency` when the network service does not
 * answer.
 */
export abstract class NetworkService {
  /** False: this cloud has no network service; then there are no networks, and the rest is never asked. */
  abstract readonly isThere: boolean;

  abstract readonly securityGroups: SecurityGroups;

  /** The project's own networks, and those that all share. */
  abstract available(ctx: Ctx, who: Requester): Promise<readonly Network[]>;

  /** As the requester sees it; undefined when there is none that they may see. */
  abstract findNetwork(ctx: Ctx, who: Requester, networkId: string): Promise<Network | undefined>;

  abstract findPort(ctx: Ctx, who: Requester, portId: string): Promise<Port | undefined>;

  /** With the service's own rights: those that are there. */
  abstract networks(ctx: Ctx, ids: readonly string[]): Promise<readonly Network[]>;

  /** With the service's own rights: those that are there. */
  abstract ports(ctx: Ctx, ids: readonly string[]): Promise<readonly Port[]>;

  /** With the service's own rights: the subnets of a network; none for one that is not there. */
  abstract subnets(ctx: Ctx, networkId: string): Promise<readonly Subnet[]>;

  /** The ports that a server has. */
  abstract portsOf(ctx: Ctx, serverId: string): Promise<readonly Port[]>;

  /** Makes a port in the project's name, the server's and bound to its host. */
  abstract createPort(ctx: Ctx, port: NewPort): Promise<NetworkOutcome<{ readonly port: Port }>>;

  /** Gives an existing port to a server on a host. */
  abstract bindPort(ctx: Ctx, portId: string, serverId: string, host: string): Promise<NetworkOutcome<{ readonly port: Port }>>;

  /** The addresses that a port has from then on, in place of all others. */
  abstract setFixedIps(ctx: Ctx, portId: string, wanted: readonly WantedIp[]): Promise<NetworkOutcome<{ readonly port: Port }>>;

  /** Takes a port back from its server and host; it stays. Nothing happens when it is gone. */
  abstract unbindPort(ctx: Ctx, portId: string): Promise<void>;

  /** Nothing happens when it is gone. */
  abstract deletePort(ctx: Ctx, portId: string): Promise<void>;

  abstract close(): Promise<void>;
}
