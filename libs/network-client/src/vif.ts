import type { Instance, Vif } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import type { Port } from './network.js';
import type { NetworkService } from './network-service.port.js';

/** What of an interface the network service does not know. */
export type OwnFacts = Pick<Vif, 'preserve' | 'tag'>;

/** Ports as a server's cell remembers them, in their order. @param own of a port */
export async function vifsOf(
  ctx: Ctx,
  service: NetworkService,
  ports: readonly Port[],
  own: (port: Port) => OwnFacts,
): Promise<readonly Vif[]> {
  if (ports.length === 0) return [];
  const networks = await service.networks(ctx, [...new Set(ports.map(({ networkId }) => networkId))]);
  const names = new Map(networks.map(({ id, name }) => [id, name]));
  const groups = await service.securityGroups.names(ctx, [...new Set(ports.flatMap(({ securityGroups }) => securityGroups))]);
  return ports.map((port) => ({
    port_id: port.id,
    network_id: port.networkId,
    label: names.get(port.networkId) ?? port.networkId,
    mac_address: port.macAddress,
    fixed_ips: port.fixedIps.map(({ address, subnetId }) => ({
      address,
      version: address.includes(':') ? 6 : 4,
      subnet_id: subnetId,
    })),
    port_state: port.status,
    security_groups: port.securityGroups.flatMap((id) => groups.get(id) ?? []),
    ...own(port),
  }));
}

/** The ports of a server that are of its own project: any other may name it as well. */
export async function ownPorts(
  ctx: Ctx,
  service: NetworkService,
  { uuid, project_id }: Pick<Instance, 'uuid' | 'project_id'>,
): Promise<Port[]> {
  return (await service.portsOf(ctx, uuid)).filter(({ projectId }) => projectId === project_id);
}

/**
 * The interfaces of a server as the network service has them now: those that it is known to have, in their order, then others. A port
 * that nobody here knows is kept when the server ends. One of another project, which may name any server, is none of its interfaces.
 */
export async function presentVifs(
  ctx: Ctx,
  service: NetworkService,
  { uuid, project_id, network_info: known }: Pick<Instance, 'uuid' | 'project_id' | 'network_info'>,
): Promise<readonly Vif[]> {
  const order = new Map(known.map((vif, index) => [vif.port_id, { vif, index }]));
  const placeOf = ({ id }: Port): number => order.get(id)?.index ?? known.length;
  const ports = (await ownPorts(ctx, service, { uuid, project_id })).sort(
    (a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1),
  );
  return vifsOf(ctx, service, ports, ({ id }) => {
    const { preserve = true, tag = null } = order.get(id)?.vif ?? {};
    return { preserve, tag };
  });
}

/** Takes one port back: it stays when it was there before the server. */
export function endPort(
  ctx: Ctx,
  service: NetworkService,
  { port_id, preserve }: Pick<Vif, 'port_id' | 'preserve'>,
): Promise<void> {
  return preserve ? service.unbindPort(ctx, port_id) : service.deletePort(ctx, port_id);
}

/** Takes a server's ports back: those that were there before it stay, the others go. Goes on with the others where one fails. */
export async function endPorts(
  ctx: Ctx,
  service: NetworkService,
  serverId: string,
  preserved: readonly string[],
  failed: (portId: string, error: unknown) => void,
): Promise<void> {
  if (!service.isThere) return;
  const ports = await service.portsOf(ctx, serverId).catch((error: unknown) => {
    failed('', error);
    return [];
  });
  for (const { id } of ports) {
    await endPort(ctx, service, { port_id: id, preserve: preserved.includes(id) }).catch((error: unknown) => failed(id, error));
  }
}
