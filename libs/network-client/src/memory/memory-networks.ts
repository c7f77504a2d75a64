import { randomUUID } from 'node:crypto';
import { AppError, type Ctx } from '@kilonova/util';
import type { Network, NetworkOutcome, NewPort, Port, Requester, Subnet, WantedIp } from '../network.js';
import { NetworkService } from '../network-service.port.js';
import { MemorySecurityGroups } from './memory-security-groups.js';
import { refused } from './refused.js';

interface StoredNetwork extends Network {
  /** Null: all projects share it. */
  readonly projectId: string | null;
  readonly subnetId: string;
  /** The first three numbers of its addresses, e.g. `10.0.0`; empty without a subnet. */
  readonly prefix: string;
  readonly segmentId: string | null;
}

interface StoredPort extends Port {
  readonly host: string;
}

/** The last numbers of addresses that servers get; those below the first are given to who asks for them. */
const LOWEST = 2;
const FIRST = 10;
const LAST = 254;
/** Neutron's default. */
const ADDRESSES_OF_PORT = 9;

/** Networks that are entries of a map, of 245 addresses each: for trying things out on one machine, and for specs. */
export class MemoryNetworks extends NetworkService {
  readonly isThere = true;
  readonly #networks = new Map<string, StoredNetwork>();
  readonly #ports = new Map<string, StoredPort>();
  readonly securityGroups = new MemorySecurityGroups({
    answer: () => this.#answer(),
    all: () => [...this.#ports.values()],
    change: (id, given) => this.#change(id, given),
  });
  /** Answers like a service that is down. */
  isDown = false;
  /** Ports that each project may have. */
  portQuota = Number.POSITIVE_INFINITY;

  /** @param prefix of its addresses, e.g. `10.0.0`; left out: it has no subnet. @param projectId null: all share it */
  addNetwork(name: string, projectId: string | null, prefix = '', isExternal = false): Network {
    const subnet = { subnetId: randomUUID(), hasSubnets: prefix !== '' };
    const network = { id: randomUUID(), name, projectId, prefix, ...subnet, isExternal, segmentId: null };
    this.#networks.set(network.id, network);
    return network;
  }

  /** For tests: there are no networks and ports any more. */
  forget(): void {
    this.#networks.clear();
    this.#ports.clear();
    this.securityGroups.forget();
  }

  /** For tests: the network's subnet belongs to a segment, as an operator has it. */
  route(networkId: string, segmentId: string): void {
    const network = this.#networks.get(networkId);
    if (network !== undefined) this.#networks.set(networkId, { ...network, segmentId });
  }

  /** For tests: changes a port as its owner, or an operator, does. */
  changePort(id: string, given: Partial<Port>): void {
    this.#change(id, given);
  }

  async available(_ctx: Ctx, who: Requester): Promise<readonly Network[]> {
    this.#answer();
    return [...this.#networks.values()].filter(({ projectId }) => projectId === null || projectId === who.projectId);
  }

  async findNetwork(_ctx: Ctx, who: Requester, networkId: string): Promise<Network | undefined> {
    this.#answer();
    const found = this.#networks.get(networkId);
    return found !== undefined && (who.isAdmin || found.projectId === null || found.projectId === who.projectId)
      ? found
      : undefined;
  }

  async findPort(_ctx: Ctx, who: Requester, portId: string): Promise<Port | undefined> {
    this.#answer();
    const found = this.#ports.get(portId);
    return found !== undefined && (who.isAdmin || found.projectId === who.projectId) ? found : undefined;
  }

  async networks(_ctx: Ctx, ids: readonly string[]): Promise<readonly Network[]> {
    this.#answer();
    return ids.flatMap((id) => this.#networks.get(id) ?? []);
  }

  async ports(_ctx: Ctx, ids: readonly string[]): Promise<readonly Port[]> {
    this.#answer();
    return ids.flatMap((id) => this.#ports.get(id) ?? []);
  }

  async subnets(_ctx: Ctx, networkId: string): Promise<readonly Subnet[]> {
    this.#answer();
    const network = this.#networks.get(networkId);
    return network?.hasSubnets === true ? [{ id: network.subnetId, networkId, segmentId: network.segmentId }] : [];
  }

  async portsOf(_ctx: Ctx, serverId: string): Promise<readonly Port[]> {
    this.#answer();
    return [...this.#ports.values()].filter((port) => port.serverId === serverId);
  }

  async createPort(_ctx: Ctx, port: NewPort): Promise<NetworkOutcome<{ readonly port: Port }>> {
    this.#answer();
    return this.#make(port);
  }

  async bindPort(_ctx: Ctx, portId: string, serverId: string, host: string): Promise<NetworkOutcome<{ readonly port: Port }>> {
    this.#answer();
    const port = this.#ports.get(portId);
    if (port === undefined) return refused('not-found', `Port ${portId} could not be found.`);
    if (port.serverId !== '' && port.serverId !== serverId) return refused('in-use', `Port ${portId} is still in use.`);
    const bound = { ...port, serverId, host, status: 'ACTIVE' };
    this.#ports.set(portId, bound);
    return { outcome: 'done', port: bound };
  }

  async setFixedIps(_ctx: Ctx, portId: string, wanted: readonly WantedIp[]): Promise<NetworkOutcome<{ readonly port: Port }>> {
    this.#answer();
    const port = this.#ports.get(portId);
    const network = this.#networks.get(port?.networkId ?? '');
    if (port === undefined || network === undefined) return refused('not-found', `Port ${portId} could not be found.`);
    if (wanted.length > ADDRESSES_OF_PORT) return refused('invalid', 'Exceeded maximum amount of fixed ips per port.');
    const fixedIps = wanted.flatMap(({ address, subnetId }) => (address === undefined ? [] : [{ address, subnetId }]));
    for (const { address, subnetId } of wanted) {
      if (address !== undefined) continue;
      const chosen = this.#address(network, undefined, fixedIps);
      if (chosen.outcome === 'refused') return chosen;
      fixedIps.push({ address: chosen.address, subnetId });
    }
    this.#change(portId, { fixedIps });
    return { outcome: 'done', port: { ...port, fixedIps } };
  }

  async unbindPort(_ctx: Ctx, portId: string): Promise<void> {
    this.#answer();
    const port = this.#ports.get(portId);
    if (port !== undefined) this.#ports.set(portId, { ...port, serverId: '', host: '', status: 'DOWN' });
  }

  async deletePort(_ctx: Ctx, portId: string): Promise<void> {
    this.#answer();
    this.#ports.delete(portId);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #change(id: string, given: Partial<Port>): void {
    const port = this.#ports.get(id);
    if (port !== undefined) this.#ports.set(id, { ...port, ...given });
  }

  #make({ networkId, projectId, serverId, host, address, securityGroups }: NewPort): NetworkOutcome<{ readonly port: Port }> {
    const network = this.#networks.get(networkId);
    if (network === undefined) return refused('not-found', `Network ${networkId} could not be found.`);
    if ([...this.#ports.values()].filter((port) => port.projectId === projectId).length >= this.portQuota)
      return refused('over-quota', "Quota exceeded for resources: ['port'].");
    const chosen = network.hasSubnets ? this.#address(network, address) : undefined;
    if (chosen?.outcome === 'refused') return chosen;
    const id = randomUUID();
    const macAddress = `fa:16:3e:${id.slice(0, 2)}:${id.slice(2, 4)}:${id.slice(4, 6)}`;
    const fixedIps = chosen === undefined ? [] : [{ address: chosen.address, subnetId: network.subnetId }];
    const port: StoredPort = {
      id,
      networkId,
      projectId,
      serverId,
      host,
      macAddress,
      fixedIps,
      status: serverId === '' ? 'DOWN' : 'ACTIVE',
      vnicType: 'normal',
      needsResources: false,
      securityGroups: securityGroups ?? [this.securityGroups.default(projectId).id],
      portSecurity: true,
    };
    this.#ports.set(id, port);
    return { outcome: 'done', port };
  }

  /** @param chosen already, for the same port */
  #address(
    { id, prefix }: StoredNetwork,
    wanted: string | undefined,
    chosen: ReadonlyArray<{ readonly address: string }> = [],
  ): NetworkOutcome<{ readonly address: string }> {
    const ports = [...this.#ports.values()].filter(({ networkId }) => networkId === id);
    const taken = new Set([...ports.flatMap(({ fixedIps }) => fixedIps), ...chosen].map(({ address }) => address));
    if (wanted !== undefined) {
      const last = Number(wanted.split('.').at(-1));
      if (wanted !== `${prefix}.${last}` || last < LOWEST || last > LAST)
        return refused('invalid', `IP address ${wanted} is not a valid IP for the specified subnet.`);
      return taken.has(wanted)
        ? refused('in-use', `IP address ${wanted} already allocated.`)
        : { outcome: 'done', address: wanted };
    }
    for (let last = FIRST; last <= LAST; last++) {
      const address = `${prefix}.${last}`;
      if (!taken.has(address)) return { outcome: 'done', address };
    }
    return refused('no-address', `No more IP addresses available on network ${id}.`);
  }

  #answer(): void {
    if (this.isDown)
      throw new AppError({ kind: 'dependency', code: 'network.unavailable', message: 'The network service cannot be reached.' });
  }
}
