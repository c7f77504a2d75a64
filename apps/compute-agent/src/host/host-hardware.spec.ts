import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Instance, pciAliases } from '@kilonova/compute-objects';
import { aFlavor, anInstance } from '@kilonova/compute-samples';
import { DEFAULT_BEHAVIOUR, FakeDriver, type FakeHardware } from '@kilonova/virt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostHardware } from './host-hardware.js';

const ALIASES = pciAliases(['gpu=10de:1eb8']);
const RATIOS = { cpuAllocationRatio: 1, ramAllocationRatio: 1 };
const PINNED = { 'hw:cpu_policy': 'dedicated' };
const GPU = { 'pci_passthrough:alias': 'gpu:1' };

let folder: string;
let time = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-hardware-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Eight threads: two cells with two shared threads and one core of two for guests of their own each. */
const GPUS = { vendor_id: '10de', product_id: '1eb8', dev_type: 'type-PCI', numa_node: 1, count: 1 } as const;
const CELLS: FakeHardware = { topology: 2, pciPools: [GPUS] };
const hardware = (of: FakeHardware = CELLS) =>
  new HostHardware(
    new FakeDriver(
      'h',
      { vcpus: 8, memoryMb: 8192, diskGb: 1 },
      () => DEFAULT_BEHAVIOUR,
      undefined,
      undefined,
      () => of,
    ),
    { aliases: ALIASES, ...RATIOS, file: join(folder, 'h.json') },
    () => time,
  );
const server = (extra_specs: Record<string, string>, vcpus = 2): Instance =>
  anInstance({ host: 'h', node: 'h', flavor: { ...aFlavor, vcpus, memory_mb: 512, extra_specs } });
const on = (...servers: readonly Instance[]) => new Map(servers.map((one) => [one.uuid, one]));
const misfit = (reason: string) => ({ kind: 'conflict', code: 'agent.hardware.misfit', details: { reason } });

describe("a host's cells and devices", () => {
  it('go to the servers that come, as long as there are some, and are told of', async () => {
    const host = hardware();
    const [first, second, third] = [server(PINNED), server({ ...PINNED, ...GPU }), server(PINNED)];
    await host.claim(first, first.flavor, on(first));
    await host.claim(second, second.flavor, on(first, second));
    await expect(host.claim(third, third.flavor, on(first, second))).rejects.toMatchObject(
      misfit('NUMA cell 1: 0 dedicated CPUs are left, wanted 2 with thread policy prefer'),
    );
    const told = host.report('h', on(first, second));
    expect(Object.keys(told?.held ?? {}).sort()).toEqual([first.uuid, second.uuid].sort());
    expect(told?.held[second.uuid]).toMatchObject({ cells: [{ cell: 1 }], devices: [{ count: 1 }] });
    await host.drop(first.uuid);
    await host.claim(third, third.flavor, on(second, third));
    expect(host.report('h', on(second, third))?.held[third.uuid]).toMatchObject({ cells: [{ cell: 0 }] });
  });

  it('stay with a server when the agent starts again, and when it is asked twice', async () => {
    const one = server(PINNED);
    const before = hardware();
    await before.claim(one, one.flavor, on(one));
    const held = before.report('h', on(one))?.held;
    const after = hardware();
    expect(after.report('h', on(one))?.held).toEqual(held);
    await after.claim(one, one.flavor, on(one));
    expect(after.report('h', on(one))?.held).toEqual(held);
  });

  it('are kept for a server that is on its way, and free once it is gone for good', async () => {
    const host = hardware();
    const one = server(PINNED);
    await host.claim(one, one.flavor, on());
    expect(Object.keys(host.report('h', on())?.held ?? {})).toEqual([one.uuid]);
    time += 600_001;
    expect(host.report('h', on())?.held).toEqual({});
  });

  it('of servers that nothing is known of are found anew', () => {
    const one = server(PINNED);
    expect(Object.keys(hardware().report('h', on(one))?.held ?? {})).toEqual([one.uuid]);
  });

  it('are those of the new flavor', async () => {
    const host = hardware();
    const one = server(PINNED);
    await expect(host.claim(one, { ...one.flavor, vcpus: 3 }, on())).rejects.toMatchObject({ code: 'agent.hardware.misfit' });
  });

  it('are not asked for where the hypervisor tells of none; devices are', async () => {
    const host = hardware({});
    const [pinned, gpu] = [server(PINNED), server(GPU)];
    await host.claim(pinned, pinned.flavor, on());
    await expect(host.claim(gpu, gpu.flavor, on())).rejects.toMatchObject(misfit('0 of 1 devices of PCI alias gpu are free'));
    expect(host.report('h', on())).toBeNull();
  });

  it('a request that cannot be read is refused', async () => {
    const odd = server({ 'pci_passthrough:alias': 'none:1' });
    await expect(hardware().claim(odd, odd.flavor, on())).rejects.toMatchObject(misfit('PCI alias none is not defined'));
  });
});
