import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryPlacement } from '@kilonova/placement-client';
import { AppError, systemCtx } from '@kilonova/util';
import { type FakeHardware, ReshapeNeeded, wholeInventory } from '@kilonova/virt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperatorProvider } from '../model/operator-providers.js';
import { managedHost } from '../spec-support/fake-cell.js';
import type { ManagedHost } from './managed-host.js';
import { uuidOfName } from './node-identity.js';
import { SyncProviders } from './sync-providers.service.js';
import { WrittenTrees } from './written-trees.js';

const ctx = systemCtx();
const allocation = {
  cpuAllocationRatio: 4,
  ramAllocationRatio: 1,
  diskAllocationRatio: 1,
  reservedHostCpus: 1,
  reservedHostMemoryMb: 512,
  reservedHostDiskMb: 0,
};
const ROOT = 'aaaaaaaa-0000-4000-8000-000000000001';
const GPUS = [
  { name: 'pgpu0', vgpus: 2, traits: ['CUSTOM_NVIDIA_11'] },
  { name: 'pgpu1', vgpus: 2 },
];

let placement: MemoryPlacement;
let folder: string;
let hardware: FakeHardware;
let added: OperatorProvider[];
let host: ManagedHost;

const hostNamed = (name: string, uuid: string): ManagedHost => ({
  ...managedHost([], undefined, name, undefined, undefined, () => hardware),
  uuidOf: () => uuid,
});
/** An agent that has just started: it knows what its state folder says. */
const agent = () => new SyncProviders(placement, new WrittenTrees(folder), { allocation, added });
const named = (name: string) => placement.providers.all().find((provider) => provider.name === name);
const totals = (name: string) =>
  Object.fromEntries(Object.entries(named(name)?.inventories ?? {}).map(([rc, { total }]) => [rc, total]));
const claim = (consumer: string, resources: Record<string, Record<string, number>>) =>
  placement.claim(
    ctx,
    { consumer, projectId: 'p', userId: 'u' },
    { allocations: Object.fromEntries(Object.entries(resources).map(([uuid, of]) => [uuid, { resources: of }])) },
    'build',
  );
const heldOf = async (consumer: string) => {
  const { allocations } = await placement.allocationsOf(ctx, consumer);
  const names = new Map(placement.providers.all().map(({ uuid, name }) => [uuid, name]));
  return Object.fromEntries(Object.entries(allocations).map(([uuid, { resources }]) => [names.get(uuid), resources]));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilonova-trees-'));
  [placement, hardware, added] = [new MemoryPlacement(), {}, []];
  host = hostNamed('h', ROOT);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('S0-1, S0-17: the tree of a host', () => {
  it('has the facts of the node by default, with the ratios and reserves of the operator', async () => {
    await agent().run(ctx, host, false);
    expect(named('h')).toMatchObject({
      uuid: ROOT,
      inventories: {
        VCPU: { total: 4, reserved: 1, allocation_ratio: 4 },
        MEMORY_MB: { total: 4096, reserved: 512 },
        DISK_GB: { total: 100 },
      },
    });
  });

  it('is written where it differs, and nowhere else', async () => {
    hardware = { gpus: GPUS, numaCells: 2 };
    await agent().run(ctx, host, true);
    const before = placement.providers.writes;
    for (const run of [agent(), agent()]) await run.run(ctx, host, false);
    expect(placement.providers.writes).toBe(before);
    host.disabled = true;
    await agent().run(ctx, host, false);
    expect(placement.providers.writes).toBe(before + 1);
  });

  it('S1-28: has a child for each graphics card; one that is taken out is taken away, and its traits with it', async () => {
    hardware = { gpus: GPUS };
    await agent().run(ctx, host, true);
    expect([totals('h_pgpu0'), totals('h_pgpu1')]).toEqual([{ VGPU: 2 }, { VGPU: 2 }]);
    expect(named('h_pgpu0')).toMatchObject({ parent: ROOT, traits: new Set(['CUSTOM_NVIDIA_11', 'OWNER_NOVA']) });
    hardware = { gpus: [{ name: 'pgpu0', vgpus: 1 }] };
    await agent().run(ctx, host, false);
    expect([totals('h_pgpu0'), named('h_pgpu1')]).toEqual([{ VGPU: 1 }, undefined]);
    expect(named('h_pgpu0')?.traits).toEqual(new Set(['OWNER_NOVA']));
  });

  it('keeps what the host needs for itself once, however many cells have CPUs', async () => {
    hardware = { numaCells: 2 };
    await agent().run(ctx, host, true);
    const reserved = (name: string) => Object.values(named(name)?.inventories ?? {}).map((one) => one.reserved);
    expect([totals('h'), reserved('h_numa0'), reserved('h_numa1')]).toEqual([{ DISK_GB: 100 }, [1, 512], [0, 0]]);
  });

  it('S2-18: has traits of what its driver can do, and loses those of what it can do no more', async () => {
    await agent().run(ctx, host, true);
    expect(named('h')?.traits).toEqual(expect.objectContaining(new Set(['COMPUTE_NODE'])));
    expect([...(named('h')?.traits ?? [])]).toEqual(
      expect.arrayContaining(['COMPUTE_NODE', 'OWNER_NOVA', 'COMPUTE_VOLUME_MULTI_ATTACH', 'COMPUTE_IMAGE_TYPE_QCOW2']),
    );
    hardware = { capabilities: { supportsMultiattach: false, supportsSecureBoot: true } };
    await agent().run(ctx, host, false);
    expect(named('h')?.traits.has('COMPUTE_VOLUME_MULTI_ATTACH')).toBe(false);
    expect(named('h')?.traits.has('COMPUTE_SECURITY_UEFI_SECURE_BOOT')).toBe(true);
  });

  it('A-1: keeps what other clients made of it, through a day of reports and the loss of what the agent remembers', async () => {
    hardware = { gpus: GPUS };
    await agent().run(ctx, host, true);
    const uuidOf = (name: string) => named(name)?.uuid ?? '';
    const port = {
      uuid: 'port',
      name: 'br-ex',
      parent: uuidOf('h'),
      generation: 0,
      inventories: { NET_BW_EGR_KILOBIT_PER_SEC: { ...wholeInventory(1000), allocation_ratio: 1 } },
      traits: new Set(['CUSTOM_PHYSNET_A']),
    };
    const below = { ...port, uuid: 'below', name: 'below-a-card', parent: uuidOf('h_pgpu0') };
    for (const provider of [port, below]) placement.providers.put(provider);
    const root = named('h');
    if (root === undefined) throw new Error('no root');
    const license = { CUSTOM_LICENSE: { ...wholeInventory(3), allocation_ratio: 1 } };
    placement.providers.put({
      ...root,
      inventories: { ...root.inventories, ...license },
      traits: new Set([...root.traits, 'CUSTOM_RACK_7', 'COMPUTE_GRAPHICS_MODEL_VGA']),
    });
    let running = agent();
    for (let minute = 0; minute < 24 * 60; minute++) {
      if (minute % 240 === 0) running = agent();
      if (minute === 700) rmSync(join(folder, 'written_trees'), { recursive: true });
      host.disabled = minute % 7 === 0;
      await running.run(ctx, host, false);
    }
    expect([placement.providers.get('port'), placement.providers.get('below')]).toEqual([port, below]);
    expect(totals('h')).toEqual({ VCPU: 4, MEMORY_MB: 4096, DISK_GB: 100, CUSTOM_LICENSE: 3 });
    for (const trait of ['CUSTOM_RACK_7', 'COMPUTE_GRAPHICS_MODEL_VGA']) expect(named('h')?.traits.has(trait)).toBe(true);
  });

  it('S1-14: shares storage with the other members of its aggregate', async () => {
    hardware = { sharedDisk: { name: 'ceph', totalGb: 1000, aggregate: 'agg' } };
    const other = hostNamed('h2', 'aaaaaaaa-0000-4000-8000-000000000002');
    for (const one of [host, other, host]) await agent().run(ctx, one, false);
    expect(named('ceph')).toMatchObject({ parent: null, inventories: { DISK_GB: { total: 1000 } } });
    expect(named('ceph')?.traits.has('MISC_SHARES_VIA_AGGREGATE')).toBe(true);
    expect(totals('h')).toEqual({ VCPU: 4, MEMORY_MB: 4096 });
    const members = [ROOT, other.uuidOf('h2'), named('ceph')?.uuid ?? ''];
    expect(members.map((uuid) => [...(placement.providers.aggregates.get(uuid) ?? [])])).toEqual([['agg'], ['agg'], ['agg']]);
    hardware = {};
    await agent().run(ctx, host, false);
    expect([totals('h'), placement.providers.aggregates.get(ROOT)]).toMatchObject([{ DISK_GB: 100 }, new Set()]);
    expect(named('ceph')).toBeDefined();
  });

  it('S2-26: is the same tree at the host that a node goes to', async () => {
    hardware = { nodes: [{ name: 'metal-1', uuid: 'aaaaaaaa-0000-4000-8000-0000000000aa' }], gpus: GPUS };
    const [from, to] = ['h1', 'h2'].map((name) => managedHost([], undefined, name, undefined, undefined, () => hardware));
    await agent().run(ctx, from as ManagedHost, true);
    const before = placement.providers.all();
    rmSync(folder, { recursive: true });
    await agent().run(ctx, to as ManagedHost, true);
    expect(before.map(({ name }) => name)).toEqual(['metal-1', 'metal-1_pgpu0', 'metal-1_pgpu1']);
    expect(placement.providers.all()).toEqual(before);
  });
});

describe('S4-3, S4-5: parts of graphics cards that were counted at the node', () => {
  const FLAT: FakeHardware = { gpus: GPUS, gpuLayout: 'flat' };
  const nested = (): void => void (hardware = { gpus: GPUS });
  const after = () => [totals('h')['VGPU'], totals('h_pgpu0'), totals('h_pgpu1')];
  const MOVED = [undefined, { VGPU: 2 }, { VGPU: 2 }];

  beforeEach(async () => {
    hardware = FLAT;
    await agent().run(ctx, host, true);
    placement.addRoot('ceph', { DISK_GB: 10 });
    await claim('i1', { [ROOT]: { VCPU: 1, VGPU: 1 } });
    await claim('i2', { [ROOT]: { VCPU: 1, VGPU: 2 }, ceph: { DISK_GB: 1 } });
    await claim('i3', { [ROOT]: { VCPU: 1 } });
    nested();
  });

  it('go to the cards at the next start, with what running servers hold of them; then there is room for one more', async () => {
    const calls: string[] = [];
    const { reshape } = placement;
    placement.reshape = (...args) => {
      calls.push(...Object.keys(args[1].allocations));
      return reshape.apply(placement, args);
    };
    await agent().run(ctx, host, true);
    expect([after(), calls]).toEqual([MOVED, ['i1', 'i2']]);
    expect([await heldOf('i1'), await heldOf('i3')]).toEqual([{ h: { VCPU: 1 }, h_pgpu0: { VGPU: 1 } }, { h: { VCPU: 1 } }]);
    expect(await heldOf('i2')).toEqual({ h: { VCPU: 1 }, h_pgpu1: { VGPU: 2 }, ceph: { DISK_GB: 1 } });
    const card = (name: string): Record<string, Record<string, number>> => ({
      [ROOT]: { VCPU: 1 },
      [named(name)?.uuid ?? '']: { VGPU: 1 },
    });
    expect(await claim('i4', card('h_pgpu1'))).toMatchObject({ outcome: 'no-capacity' });
    expect(await claim('i4', card('h_pgpu0'))).toEqual({ outcome: 'claimed' });
    for (const server of ['i1', 'i2', 'i3', 'i4']) await placement.release(ctx, server);
    expect(await placement.consumersOf(ctx, named('h_pgpu0')?.uuid ?? '')).toEqual([]);
    const before = placement.providers.writes;
    await agent().run(ctx, host, true);
    expect(placement.providers.writes).toBe(before);
  });

  it('stay while the agent runs', async () => {
    await expect(agent().run(ctx, host, false)).rejects.toThrow(ReshapeNeeded);
    expect(after()).toEqual([4, {}, {}]);
  });

  it.each(['before', 'after'])('get there when the agent dies %s the request', async (when) => {
    const { reshape } = placement;
    placement.reshape = async (...args) => {
      if (when === 'after') await reshape.apply(placement, args);
      throw new AppError({ kind: 'dependency', code: 'placement.unavailable', message: 'killed' });
    };
    await expect(agent().run(ctx, host, true)).rejects.toMatchObject({ code: 'placement.unavailable' });
    expect(named('h_pgpu0')).toBeDefined();
    placement.reshape = reshape;
    await agent().run(ctx, host, true);
    expect([after(), await heldOf('i1')]).toEqual([MOVED, { h: { VCPU: 1 }, h_pgpu0: { VGPU: 1 } }]);
  });

  it('get there when the agent has lost what it remembers', async () => {
    rmSync(folder, { recursive: true });
    await agent().run(ctx, host, true);
    expect(after()).toEqual(MOVED);
  });

  it('are tried again when others write meanwhile, and given up when they go on', async () => {
    const { reshape } = placement;
    let collisions = 2;
    placement.reshape = async (...args) => (collisions-- > 0 ? 'concurrent-update' : reshape.apply(placement, args));
    await agent().run(ctx, host, true);
    expect(after()).toEqual(MOVED);
    hardware = FLAT;
    rmSync(folder, { recursive: true });
    placement = new MemoryPlacement();
    await agent().run(ctx, host, true);
    nested();
    placement.reshape = async () => 'concurrent-update';
    await expect(agent().run(ctx, host, true)).rejects.toMatchObject({ code: 'agent.reshape.failed' });
    expect(totals('h')['VGPU']).toBe(4);
  });
});

describe('what an operator adds by file', () => {
  const entry = (identification: OperatorProvider['identification'], rc: string, trait = 'CUSTOM_T'): OperatorProvider => ({
    identification,
    inventories: { [rc]: { ...wholeInventory(5), allocation_ratio: 1 } },
    traits: [trait],
    source: '/etc/provider.yaml',
  });

  it('goes on every node that no other entry names, and goes with the entry', async () => {
    added = [entry({ uuid: '$COMPUTE_NODE' }, 'CUSTOM_A')];
    await agent().run(ctx, host, true);
    expect([totals('h')['CUSTOM_A'], named('h')?.traits.has('CUSTOM_T')]).toEqual([5, true]);
    added.push(entry({ uuid: ROOT.toUpperCase() }, 'CUSTOM_B'));
    await agent().run(ctx, host, true);
    expect(totals('h')).toEqual({ VCPU: 4, MEMORY_MB: 4096, DISK_GB: 100, CUSTOM_B: 5 });
    added = [];
    await agent().run(ctx, host, true);
    expect([totals('h')['CUSTOM_B'], named('h')?.traits.has('CUSTOM_T')]).toEqual([undefined, false]);
  });

  it('goes on children by name, ours and those of others, which stay theirs', async () => {
    hardware = { gpus: GPUS };
    added = [entry({ name: 'h_pgpu1' }, 'CUSTOM_A'), entry({ name: 'br-ex' }, 'CUSTOM_A'), entry({ name: 'nobody' }, 'CUSTOM_A')];
    await agent().run(ctx, host, true);
    const bandwidth = { CUSTOM_BW: { ...wholeInventory(9), allocation_ratio: 1 } };
    const port = {
      uuid: 'port',
      name: 'br-ex',
      parent: ROOT,
      generation: 0,
      inventories: bandwidth,
      traits: new Set(['CUSTOM_X']),
    };
    placement.providers.put(port);
    await agent().run(ctx, host, true);
    expect([totals('h_pgpu1'), totals('br-ex')]).toEqual([
      { VGPU: 2, CUSTOM_A: 5 },
      { CUSTOM_BW: 9, CUSTOM_A: 5 },
    ]);
    added = [];
    await agent().run(ctx, host, true);
    expect([totals('h_pgpu1'), placement.providers.get('port')]).toMatchObject([{ VGPU: 2 }, { ...port, generation: 4 }]);
  });

  it('may not take the place of what the driver reports', async () => {
    hardware = { cards: [{ name: 'nic', resourceClass: 'CUSTOM_VF', devices: 2 }] };
    added = [entry({ name: 'h_nic' }, 'CUSTOM_VF')];
    await expect(agent().run(ctx, host, true)).rejects.toMatchObject({ code: 'agent.provider_config.owned' });
    expect(uuidOfName('a')).not.toBe(uuidOfName('b'));
  });
});
