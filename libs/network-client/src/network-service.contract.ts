import { randomUUID } from 'node:crypto';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MemoryNetworks } from './memory/memory-networks.js';
import type { Requester } from './network.js';
import type { NetworkService } from './network-service.port.js';
import { endPort, endPorts, presentVifs, vifsOf } from './vif.js';

/** A network service under test, and the map behind it, which the test fills as an operator would. */
export interface NetworkBench {
  readonly service: NetworkService;
  readonly behind: MemoryNetworks;
}

const ctx = systemCtx();
const owner: Requester = { token: 'p1', projectId: 'p1', isAdmin: false };
const stranger: Requester = { token: 'p2', projectId: 'p2', isAdmin: false };

/** What every network service promises. */
export function networkContract(bench: () => NetworkBench): void {
  let service: NetworkService;
  let behind: MemoryNetworks;
  let server: string;
  let network: string;

  beforeEach(() => {
    ({ service, behind } = bench());
    server = randomUUID();
    network = behind.addNetwork('net', 'p1', '10.0.0').id;
  });

  /** A port of a project that no server has. */
  const freePort = async (projectId: string) => {
    const made = await behind.createPort(ctx, { networkId: network, projectId, serverId: '', host: '' });
    if (made.outcome === 'refused') throw new Error(made.message);
    return made.port;
  };
  const create = (address?: string) =>
    service.createPort(ctx, { networkId: network, projectId: 'p1', serverId: server, host: 'h1', address });
  const created = async (address?: string) => {
    const made = await create(address);
    if (made.outcome === 'refused') throw new Error(made.message);
    return made.port;
  };

  it('shows a project its own networks and those that all share', async () => {
    const shared = behind.addNetwork('public', null);
    const ids = async (who: Requester) => (await service.available(ctx, who)).map(({ id }) => id);
    expect([await ids(owner), await ids(stranger)]).toEqual([[network, shared.id], [shared.id]]);
    expect(await service.findNetwork(ctx, owner, network)).toMatchObject({ name: 'net', hasSubnets: true });
    expect(await service.findNetwork(ctx, stranger, network)).toBeUndefined();
    expect(await service.findNetwork(ctx, stranger, shared.id)).toMatchObject({ hasSubnets: false });
  });

  it('makes ports with an address, any or a certain one', async () => {
    const [any, certain] = [await created(), await created('10.0.0.77')];
    expect(any.fixedIps[0]?.address).toMatch(/^10\.0\.0\.\d+$/);
    expect([certain.fixedIps[0]?.address, certain.serverId, certain.networkId]).toEqual(['10.0.0.77', server, network]);
    expect((await service.portsOf(ctx, server)).map(({ id }) => id).sort()).toEqual([any.id, certain.id].sort());
    expect(await service.portsOf(ctx, randomUUID())).toEqual([]);
  });

  it('says why it makes no port', async () => {
    await created('10.0.0.77');
    expect(await create('10.0.0.77')).toMatchObject({ outcome: 'refused', reason: 'in-use' });
    expect(await create('192.168.0.1')).toMatchObject({ outcome: 'refused', reason: 'invalid' });
    behind.portQuota = 1;
    expect(await create()).toMatchObject({ outcome: 'refused', reason: 'over-quota' });
    network = randomUUID();
    expect(await create()).toMatchObject({ outcome: 'refused', reason: 'not-found' });
  });

  it('gives a port to one server, as often as it is told, and takes it back', async () => {
    const port = await freePort('p1');
    expect(await service.findPort(ctx, owner, port.id)).toMatchObject({ serverId: '', networkId: network, projectId: 'p1' });
    expect(await service.findPort(ctx, stranger, port.id)).toBeUndefined();
    for (const _ of [1, 2])
      expect(await service.bindPort(ctx, port.id, server, 'h1')).toMatchObject({ outcome: 'done', port: { serverId: server } });
    expect(await service.bindPort(ctx, port.id, randomUUID(), 'h1')).toMatchObject({ outcome: 'refused', reason: 'in-use' });
    for (const _ of [1, 2]) await service.unbindPort(ctx, port.id);
    expect((await service.findPort(ctx, owner, port.id))?.serverId).toBe('');
  });

  it('gives a port other addresses', async () => {
    const port = await created('10.0.0.9');
    const [first] = port.fixedIps;
    const subnetId = first?.subnetId ?? '';
    const more = await service.setFixedIps(ctx, port.id, [{ subnetId, address: '10.0.0.9' }, { subnetId }]);
    expect(more).toMatchObject({ outcome: 'done', port: { fixedIps: [{ address: '10.0.0.9' }, { subnetId }] } });
    await service.setFixedIps(ctx, port.id, []);
    expect((await service.findPort(ctx, owner, port.id))?.fixedIps).toEqual([]);
    expect(await service.setFixedIps(ctx, randomUUID(), [])).toMatchObject({ outcome: 'refused', reason: 'not-found' });
  });

  it('tells what a port asks of a host, and which networks lead out', async () => {
    const port = await freePort('p1');
    expect(await service.findPort(ctx, owner, port.id)).toMatchObject({ vnicType: 'normal', needsResources: false });
    behind.changePort(port.id, { vnicType: 'direct', needsResources: true });
    expect(await service.findPort(ctx, owner, port.id)).toMatchObject({ vnicType: 'direct', needsResources: true });
    const out = behind.addNetwork('out', 'p1', '10.9.0', true);
    const isExternal = async (id: string) => (await service.findNetwork(ctx, owner, id))?.isExternal;
    expect([await isExternal(network), await isExternal(out.id)]).toEqual([false, true]);
  });

  it('tells ports by their ids, and the segments of a routed network', async () => {
    const [mine, theirs] = [await freePort('p1'), await freePort('p2')];
    expect((await service.ports(ctx, [mine.id, randomUUID(), theirs.id])).map(({ id }) => id)).toEqual([mine.id, theirs.id]);
    const subnets = () => service.subnets(ctx, network);
    const subnet = { id: mine.fixedIps[0]?.subnetId, networkId: network };
    expect(await subnets()).toEqual([{ ...subnet, segmentId: null }]);
    const segmentId = randomUUID();
    behind.route(network, segmentId);
    expect(await subnets()).toEqual([{ ...subnet, segmentId }]);
    expect(await service.subnets(ctx, randomUUID())).toEqual([]);
  });

  it('takes one port back: deleted, or kept for its owner', async () => {
    const [kept, made] = [await freePort('p1'), await created()];
    await service.bindPort(ctx, kept.id, server, 'h1');
    await endPort(ctx, service, { port_id: kept.id, preserve: true });
    await endPort(ctx, service, { port_id: made.id, preserve: false });
    expect(await service.portsOf(ctx, server)).toEqual([]);
    expect([(await service.findPort(ctx, owner, kept.id))?.serverId, await service.findPort(ctx, owner, made.id)]).toEqual([
      '',
      undefined,
    ]);
  });

  it('is described as a cell remembers it', async () => {
    const port = await created('10.0.0.9');
    expect(await vifsOf(ctx, service, [port], () => ({ preserve: true, tag: 't' }))).toEqual([
      {
        port_id: port.id,
        network_id: network,
        label: 'net',
        mac_address: port.macAddress,
        fixed_ips: [{ address: '10.0.0.9', version: 4, subnet_id: port.fixedIps[0]?.subnetId }],
        port_state: 'ACTIVE',
        security_groups: ['default'],
        preserve: true,
        tag: 't',
      },
    ]);
  });

  it('is found as it is now: known ones first, then others, which are never deleted with the server', async () => {
    const [first, second, other] = [await created(), await created(), await created()];
    await service.createPort(ctx, { networkId: network, projectId: 'p2', serverId: server, host: 'h1' });
    const known = await vifsOf(ctx, service, [second, first], () => ({ preserve: false, tag: 't' }));
    await service.deletePort(ctx, second.id);
    behind.changePort(first.id, { status: 'DOWN' });
    expect(await presentVifs(ctx, service, { uuid: server, project_id: 'p1', network_info: known })).toMatchObject([
      { port_id: first.id, port_state: 'DOWN', preserve: false, tag: 't' },
      { port_id: other.id, preserve: true, tag: null },
    ]);
  });

  it('deletes the ports of a server, and keeps those that were there before it', async () => {
    const kept = await freePort('p1');
    await service.bindPort(ctx, kept.id, server, 'h1');
    await created();
    const failed: unknown[] = [];
    for (const _ of [1, 2]) await endPorts(ctx, service, server, [kept.id], (_port, error) => failed.push(error));
    expect([await service.portsOf(ctx, server), failed]).toEqual([[], []]);
    expect((await service.findPort(ctx, owner, kept.id))?.serverId).toBe('');
  });

  describe('while it is down', () => {
    it('is a dependency that does not answer, which the end of a server is told and outlives', async () => {
      behind.isDown = true;
      await expect(service.available(ctx, owner)).rejects.toMatchObject({ kind: 'dependency' });
      const failed: unknown[] = [];
      await endPorts(ctx, service, server, [], (_port, error) => failed.push(error));
      expect(failed).toMatchObject([{ kind: 'dependency' }]);
    });
  });
}
