import type { RequestedNetworks } from '@kilonova/compute-objects';
import { MemoryNetworks, NoNetworks, type Port } from '@kilonova/network-client';
import { MemoryPlacement } from '@kilonova/placement-client';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { NetworkDemands } from './network-demands.service.js';

const ctx = systemCtx();
const [SEGMENT, AGGREGATE] = ['segment', 'aggregate'];
let networks: MemoryNetworks;
let placement: MemoryPlacement;
let routed: string;
let plain: string;

const demands = (isRouted = true) => new NetworkDemands(networks, placement, isRouted);
const of = (requested_networks: RequestedNetworks, isRouted = true) => demands(isRouted).of(ctx, { requested_networks });
const reach = (aggregate: string) => placement.setAggregate(ctx, SEGMENT, aggregate, true);

async function port(networkId: string, given: Partial<Port> = {}): Promise<Port> {
  const made = await networks.createPort(ctx, { networkId, projectId: 'p', serverId: '', host: '' });
  if (made.outcome === 'refused') throw new Error(made.message);
  networks.changePort(made.port.id, given);
  return { ...made.port, ...given };
}

beforeEach(() => {
  networks = new MemoryNetworks();
  placement = new MemoryPlacement();
  placement.addRoot(SEGMENT, {});
  routed = networks.addNetwork('routed', null, '10.0.0').id;
  networks.route(routed, SEGMENT);
  plain = networks.addNetwork('plain', null, '10.0.1').id;
});

describe('routed networks', () => {
  it('ask for the aggregates of their segments, by the subnet where a port has an address', async () => {
    await reach(AGGREGATE);
    const held = await port(routed);
    const [{ subnetId } = { subnetId: '' }] = held.fixedIps;
    const whole = { of: `network ${routed}`, aggregates: [AGGREGATE] };
    expect((await of([{ uuid: routed }, { uuid: plain }])).routes).toEqual([whole]);
    expect((await of([{ port: held.id }])).routes).toEqual([{ of: `subnet ${subnetId}`, aggregates: [AGGREGATE] }]);
    expect((await of([{ port: (await port(routed, { fixedIps: [] })).id }])).routes).toEqual([whole]);
  });

  it('are looked at again until they reach somebody, and remembered then', async () => {
    const asked = demands();
    const routes = async () => (await asked.of(ctx, { requested_networks: [{ uuid: routed }] })).routes[0]?.aggregates;
    expect(await routes()).toEqual([]);
    await reach(AGGREGATE);
    expect(await routes()).toEqual([AGGREGATE]);
    placement.isDown = true;
    expect(await routes()).toEqual([AGGREGATE]);
  });

  it('ask for nothing where that is switched off, or no network is named', async () => {
    expect((await of([{ uuid: routed }], false)).routes).toEqual([]);
    expect((await of('auto')).routes).toEqual([]);
  });
});

describe('ports that a device manages by itself', () => {
  it('need a host that has such devices, whatever is switched off', async () => {
    const [managed, usual] = [await port(plain, { vnicType: 'remote-managed' }), await port(plain)];
    expect((await of([{ port: usual.id }, { port: managed.id }], false)).rootRequired).toEqual(['COMPUTE_REMOTE_MANAGED_PORTS']);
    expect((await of([{ port: usual.id }, { uuid: plain }], false)).rootRequired).toEqual([]);
  });
});

describe('the network service', () => {
  it('is not guessed about while it is away, and not asked where there is none', async () => {
    const held = await port(plain);
    networks.isDown = true;
    await expect(of([{ port: held.id }], false)).rejects.toMatchObject({ kind: 'dependency' });
    const none = new NetworkDemands(new NoNetworks(), placement, true);
    expect(await none.of(ctx, { requested_networks: [{ port: held.id }] })).toEqual({ rootRequired: [], routes: [] });
  });
});
