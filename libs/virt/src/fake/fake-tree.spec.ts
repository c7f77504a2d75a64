import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProviderTree, type TreeAllocations } from '../provider-tree.js';
import { FakeDriver } from './fake.driver.js';
import { DEFAULT_BEHAVIOUR } from './fake-behaviour.js';
import { type FakeHardware, hardwareFaults, hardwareFromFile } from './fake-hardware.js';

const size = { vcpus: 5, memoryMb: 4097, diskGb: 100 };
const driverOf = (hardware: FakeHardware) =>
  new FakeDriver(
    'h',
    size,
    () => DEFAULT_BEHAVIOUR,
    undefined,
    undefined,
    () => hardware,
  );

async function treeOf(hardware: FakeHardware, tree = new ProviderTree('h'), allocations?: TreeAllocations) {
  await driverOf(hardware).updateProviderTree(tree, 'h', allocations);
  return tree.reports().map(({ name, parent, inventories, traits }) => {
    const totals = Object.fromEntries(Object.entries(inventories).map(([rc, { total }]) => [rc, total]));
    return { name, parent, totals, traits };
  });
}

const TWO_CARDS: FakeHardware = {
  gpus: [
    { name: 'pgpu0', vgpus: 2, traits: ['CUSTOM_NVIDIA_11'] },
    { name: 'pgpu1', vgpus: 2 },
  ],
};
const FLAT = { ...TWO_CARDS, gpuLayout: 'flat' } as const;
const ROOT = { VCPU: 5, MEMORY_MB: 4097, DISK_GB: 100 };

describe('the tree of a simulated node', () => {
  it('is one provider where there is nothing but CPUs, memory and disk', async () => {
    expect(await treeOf({})).toEqual([{ name: 'h', parent: null, totals: ROOT, traits: [] }]);
  });

  it('has a child for each graphics card', async () => {
    expect(await treeOf(TWO_CARDS)).toEqual([
      { name: 'h', parent: null, totals: ROOT, traits: [] },
      { name: 'h_pgpu0', parent: 'h', totals: { VGPU: 2 }, traits: ['CUSTOM_NVIDIA_11'] },
      { name: 'h_pgpu1', parent: 'h', totals: { VGPU: 2 }, traits: [] },
    ]);
  });

  it('has cells with equal parts of CPUs and memory, and cards below their cell', async () => {
    const hardware: FakeHardware = {
      numaCells: 2,
      cards: [{ name: 'nic', resourceClass: 'CUSTOM_VF', devices: 8, numaCell: 1 }],
    };
    expect(await treeOf(hardware)).toEqual([
      { name: 'h', parent: null, totals: { DISK_GB: 100 }, traits: [] },
      { name: 'h_numa0', parent: 'h', totals: { VCPU: 3, MEMORY_MB: 2049 }, traits: ['HW_NUMA_ROOT'] },
      { name: 'h_numa1', parent: 'h', totals: { VCPU: 2, MEMORY_MB: 2048 }, traits: ['HW_NUMA_ROOT'] },
      { name: 'h_nic', parent: 'h_numa1', totals: { CUSTOM_VF: 8 }, traits: [] },
    ]);
  });

  it('has CPUs that are for one guest alone in its cells too', async () => {
    const tree = await treeOf({ numaCells: 2, topology: 1 });
    const sum = (rc: string) => tree.reduce((total, { totals }) => total + (totals[rc] ?? 0), 0);
    expect([tree[0]?.totals, sum('VCPU') + sum('PCPU'), sum('PCPU') > 0]).toEqual([{ DISK_GB: 100 }, 5, true]);
  });

  it('shares its disk in place of having one', async () => {
    expect(await treeOf({ sharedDisk: { name: 'ceph', totalGb: 9, aggregate: randomUUID() } })).toEqual([
      { name: 'h', parent: null, totals: { VCPU: 5, MEMORY_MB: 4097 }, traits: [] },
      { name: 'ceph', parent: null, totals: { DISK_GB: 9 }, traits: ['MISC_SHARES_VIA_AGGREGATE'] },
    ]);
  });

  it('loses what was taken out of the host', async () => {
    const before = new ProviderTree('h');
    await treeOf(TWO_CARDS, before);
    const names = (await treeOf({ gpus: [{ name: 'pgpu1', vgpus: 2 }] }, before)).map(({ name }) => name);
    expect(names).toEqual(['h', 'h_pgpu1']);
  });
});

describe('parts of cards that were counted at the node', () => {
  const flat = async () => {
    const tree = new ProviderTree('h');
    expect(await treeOf(FLAT, tree)).toMatchObject([{ totals: { ...ROOT, VGPU: 4 } }]);
    return tree;
  };

  it('need a start of the agent to move to the cards', async () => {
    await expect(treeOf(TWO_CARDS, await flat())).rejects.toThrow(/started anew/);
    const forgotten = new ProviderTree('h', [], { h: ['VGPU'] });
    await expect(treeOf(TWO_CARDS, forgotten)).rejects.toThrow(/started anew/);
  });

  it('move with what servers hold of them', async () => {
    const allocations: TreeAllocations = new Map<string, Record<string, Record<string, number>>>([
      ['a', { h: { VCPU: 1, VGPU: 1 } }],
      ['b', { h: { VGPU: 3 } }],
      ['c', { h: { VCPU: 1 } }],
    ]);
    expect(await treeOf(TWO_CARDS, await flat(), allocations)).toMatchObject([
      { totals: ROOT },
      { totals: { VGPU: 2 } },
      { totals: { VGPU: 2 } },
    ]);
    expect(Object.fromEntries(allocations)).toEqual({
      a: { h: { VCPU: 1 }, h_pgpu0: { VGPU: 1 } },
      b: { h_pgpu1: { VGPU: 2 }, h_pgpu0: { VGPU: 1 } },
      c: { h: { VCPU: 1 } },
    });
  });

  it('move to the card whose device the guest has', async () => {
    const driver = driverOf(TWO_CARDS);
    const [device] = driver.devicesBehind('h', 'h_pgpu1', 'VGPU');
    const request = { image: null, admin_password: null, devices: [device ?? ''] };
    await driver.spawn({ ...request, instance: { uuid: 'b' } as never }, new AbortController().signal);
    const allocations: TreeAllocations = new Map(['a', 'b'].map((guest) => [guest, { h: { VGPU: 1 } }]));
    await driver.updateProviderTree(await flat(), 'h', allocations);
    expect(Object.fromEntries(allocations)).toEqual({ a: { h_pgpu0: { VGPU: 1 } }, b: { h_pgpu1: { VGPU: 1 } } });
  });

  it('are the same devices before and after', () => {
    const [before, after] = [driverOf(FLAT), driverOf(TWO_CARDS)];
    const ofCards = ['h_pgpu0', 'h_pgpu1'].flatMap((card) => after.devicesBehind('h', card, 'VGPU'));
    expect(ofCards).toHaveLength(4);
    expect(before.devicesBehind('h', 'h', 'VGPU')).toEqual(ofCards);
    expect(after.devicesBehind('h', 'h', 'VCPU')).toEqual([]);
  });
});

describe('hardware', () => {
  it('comes from a file by host, which is read again when it changes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hardware-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [file, told] = [join(folder, 'hardware.json'), [] as string[]];
    const of = hardwareFromFile(file, (fault) => told.push(fault));
    expect(of('h')).toEqual({});
    writeFileSync(file, JSON.stringify({ h: { numaCells: 2 }, '*': { hypervisorVersion: 7 } }));
    expect([of('h'), of('other')]).toEqual([{ numaCells: 2 }, { hypervisorVersion: 7 }]);
    writeFileSync(file, JSON.stringify({ h: { numaCells: 'two' } }));
    expect([of('h'), told]).toEqual([{}, [`${file}: h.numaCells must be integer`]]);
  });

  it('has its faults named', () => {
    expect(hardwareFaults('{"h":{"gpus":[{"name":"a"}],"fans":2}}')).toEqual([
      'h must NOT have additional properties: fans',
      "h.gpus.0 must have required property 'vgpus'",
    ]);
    expect([hardwareFaults('[]'), hardwareFaults('{}')]).toEqual([['must be an object'], []]);
  });

  it('has nodes with the uuids that the hypervisor gave them', () => {
    const uuid = randomUUID();
    const driver = driverOf({ nodes: [{ name: 'metal-1', uuid }, { name: 'metal-2' }] });
    expect(driver.nodes().map((node) => [node, driver.nodeUuid(node)])).toEqual([
      ['metal-1', uuid],
      ['metal-2', undefined],
    ]);
  });
});
