import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemCtx } from '@kilonova/util';
import type { MemoryNetworks } from '../memory/memory-networks.js';
import type { Network, NetworkOutcome, Port, Requester } from '../network.js';
import type { SecurityGroup, SecurityGroupRule } from '../security-group.js';

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

const FAULTS = {
  'not-found': [404, 'NotFound'],
  'over-quota': [409, 'OverQuota'],
  'no-address': [409, 'IpAddressGenerationFailure'],
  'in-use': [409, 'IpAddressAlreadyAllocated'],
  invalid: [400, 'InvalidIpForNetwork'],
} as const;
const NOT_FOUND: Reply = { status: 404, body: { NeutronError: { type: 'NotFound', message: 'could not be found', detail: '' } } };

const ctx = systemCtx();

/** The part of Neutron's published v2 API that compute uses, over HTTP, with a map of networks behind it. */
export class NeutronServer {
  url = '';
  /** Answers everything with this status instead. */
  broken: number | undefined;
  readonly #server: http.Server;

  constructor(private readonly networks: MemoryNetworks) {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const text = Buffer.concat(chunks).toString();
        const answer = this.#answer(request, text === '' ? {} : JSON.parse(text));
        const { status, body } = await answer.catch((): Reply => ({ status: 500 }));
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
  async #answer(request: http.IncomingMessage, body: any): Promise<Reply> {
    if (this.broken !== undefined) return { status: this.broken, body: {} };
    const url = new URL(request.url ?? '', 'http://neutron');
    const who = requesterOf(String(request.headers['x-auth-token'] ?? ''));
    const [, , noun = '', id = ''] = url.pathname.split('/');
    if (noun === 'networks') return id === '' ? this.#listNetworks(url.searchParams, who) : this.#network(id, who);
    if (noun === 'subnets') return this.#subnets(url.searchParams.get('network_id') ?? '');
    if (noun === 'security-groups') return this.#group(request.method ?? '', id, body.security_group, url.searchParams, who);
    if (noun === 'security-group-rules') return this.#rule(request.method ?? '', id, body.security_group_rule, who);
    return this.#port(request.method ?? '', id, body.port, url.searchParams, who);
  }

  async #listNetworks(query: URLSearchParams, who: Requester): Promise<Reply> {
    const ids = query.getAll('id');
    if (ids.length > 0) return listOf(await this.networks.networks(ctx, ids));
    const all = await this.networks.available(ctx, who);
    const shared = await this.networks.available(ctx, { ...who, projectId: 'nobody' });
    const isShared = (network: Network): boolean => shared.some(({ id }) => id === network.id);
    return listOf(all.filter((network) => isShared(network) === (query.get('shared') === 'True')));
  }

  async #subnets(networkId: string): Promise<Reply> {
    const found = await this.networks.subnets(ctx, networkId);
    return {
      status: 200,
      body: { subnets: found.map(({ id, segmentId }) => ({ id, network_id: networkId, segment_id: segmentId })) },
    };
  }

  async #network(id: string, who: Requester): Promise<Reply> {
    const network = await this.networks.findNetwork(ctx, who, id);
    return network === undefined ? NOT_FOUND : { status: 200, body: { network: networkDocument(network) } };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #group(method: string, id: string, group: any, query: URLSearchParams, who: Requester): Promise<Reply> {
    const { securityGroups: groups } = this.networks;
    if (method === 'GET' && id !== '') {
      const found = await groups.find(ctx, who, id);
      return found === undefined ? NOT_FOUND : { status: 200, body: { security_group: groupDocument(found) } };
    }
    if (method === 'GET' && query.has('id')) {
      const names = await groups.names(ctx, query.getAll('id'));
      return { status: 200, body: { security_groups: [...names].map(([of, name]) => ({ id: of, name })) } };
    }
    if (method === 'GET') {
      const all = await groups.list(ctx, who, query.get('name') ?? undefined);
      return { status: 200, body: { security_groups: all.map(groupDocument) } };
    }
    if (method === 'DELETE') return ended(await groups.delete(ctx, who, id), 204);
    const words = { name: group.name, description: group.description };
    const outcome = await (method === 'POST' ? groups.create(ctx, who, words) : groups.change(ctx, who, id, words));
    if (outcome.outcome === 'refused') return ended(outcome, 200);
    return { status: method === 'POST' ? 201 : 200, body: { security_group: groupDocument(outcome.group) } };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #rule(method: string, id: string, rule: any, who: Requester): Promise<Reply> {
    const { securityGroups: groups } = this.networks;
    if (method === 'DELETE') return ended(await groups.deleteRule(ctx, who, id), 204);
    const outcome = await groups.createRule(ctx, who, {
      groupId: rule.security_group_id,
      direction: rule.direction,
      ethertype: rule.ethertype,
      protocol: rule.protocol,
      from: rule.port_range_min,
      to: rule.port_range_max,
      cidr: rule.remote_ip_prefix,
      remoteGroupId: rule.remote_group_id,
    });
    if (outcome.outcome === 'refused') return ended(outcome, 201);
    return { status: 201, body: { security_group_rule: ruleDocument(outcome.rule) } };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #port(method: string, id: string, port: any, query: URLSearchParams, who: Requester): Promise<Reply> {
    if (method === 'GET' && id === '') {
      const named = query.getAll('id');
      const ports = await (named.length > 0
        ? this.networks.ports(ctx, named)
        : this.networks.portsOf(ctx, query.get('device_id') ?? ''));
      return { status: 200, body: { ports: ports.map(portDocument) } };
    }
    if (method === 'GET') {
      const found = await this.networks.findPort(ctx, who, id);
      return found === undefined ? NOT_FOUND : { status: 200, body: { port: portDocument(found) } };
    }
    if (method === 'POST') return made(await this.networks.createPort(ctx, newPort(port)), 201);
    if (method === 'PUT' && port.fixed_ips !== undefined) {
      const wanted = port.fixed_ips.map((ip: { subnet_id: string; ip_address?: string }) => ({
        subnetId: ip.subnet_id,
        address: ip.ip_address,
      }));
      return made(await this.networks.setFixedIps(ctx, id, wanted), 200);
    }
    if (method === 'PUT' && port.security_groups !== undefined)
      return ended(await this.networks.securityGroups.ofPort(ctx, id, port.security_groups), 200);
    if (method === 'PUT' && port.device_id === '') return this.#gone(() => this.networks.unbindPort(ctx, id), 200);
    if (method === 'PUT') return made(await this.networks.bindPort(ctx, id, port.device_id, port['binding:host_id']), 200);
    return this.#gone(() => this.networks.deletePort(ctx, id), 204);
  }

  async #gone(work: () => Promise<void>, status: number): Promise<Reply> {
    await work();
    return { status, body: status === 200 ? { port: {} } : undefined };
  }
}

/** Tokens of these tests read `project` or `admin`. */
const requesterOf = (token: string): Requester => ({ token, projectId: token, isAdmin: token === 'admin' });

const listOf = (networks: readonly Network[]): Reply => ({ status: 200, body: { networks: networks.map(networkDocument) } });

const networkDocument = ({ id, name, hasSubnets, isExternal }: Network) => ({
  id,
  name,
  subnets: hasSubnets ? ['subnet'] : [],
  shared: false,
  'router:external': isExternal,
});

const portDocument = (port: Port) => ({
  id: port.id,
  tenant_id: port.projectId,
  network_id: port.networkId,
  mac_address: port.macAddress,
  fixed_ips: port.fixedIps.map(({ address, subnetId }) => ({ ip_address: address, subnet_id: subnetId })),
  device_id: port.serverId,
  status: port.status,
  'binding:vnic_type': port.vnicType,
  security_groups: port.securityGroups,
  port_security_enabled: port.portSecurity,
  resource_request: port.needsResources ? { required: ['CUSTOM_PHYSNET'] } : null,
});

// biome-ignore lint/suspicious/noExplicitAny: as above
const newPort = (port: any) => ({
  networkId: port.network_id,
  projectId: port.tenant_id,
  serverId: port.device_id,
  host: port['binding:host_id'],
  address: port.fixed_ips?.[0]?.ip_address,
  securityGroups: port.security_groups,
});

const ruleDocument = (rule: SecurityGroupRule) => ({
  id: rule.id,
  security_group_id: rule.groupId,
  direction: rule.direction,
  ethertype: rule.ethertype,
  protocol: rule.protocol,
  port_range_min: rule.from,
  port_range_max: rule.to,
  remote_ip_prefix: rule.cidr,
  remote_group_id: rule.remoteGroupId,
});

const groupDocument = ({ id, name, description, projectId, rules }: SecurityGroup) => ({
  id,
  name,
  description,
  tenant_id: projectId,
  security_group_rules: rules.map(ruleDocument),
});

function ended(outcome: NetworkOutcome<object>, status: number): Reply {
  if (outcome.outcome === 'done') return { status, body: status === 204 ? undefined : { port: {} } };
  const [code, type] = FAULTS[outcome.reason];
  return { status: code, body: { NeutronError: { type, message: outcome.message, detail: '' } } };
}

function made(outcome: NetworkOutcome<{ readonly port: Port }>, status: number): Reply {
  return outcome.outcome === 'done' ? { status, body: { port: portDocument(outcome.port) } } : ended(outcome, status);
}
