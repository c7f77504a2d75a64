import { describe, expect, it } from 'vitest';
import type { Flavor } from '../flavor.js';
import { fitHardware } from './fit-hardware.js';
import { freeHardware } from './free-hardware.js';
import { guestTopology } from './guest-topology.js';
import { hardwareDemand } from './hardware-demand.js';
import { pciAliases, pciRequests } from './pci-request.js';

const flavor = (extra_specs: Record<string, string>, vcpus = 4, memory_mb = 4096) =>
  ({ vcpus, memory_mb, extra_specs }) as unknown as Flavor;
const topology = (specs: Record<string, string>, properties: Record<string, string> = {}) => {
  const outcome = guestTopology(flavor(specs), properties);
  return 'fault' in outcome ? outcome.fault : outcome.topology;
};
const cell = (shared: number, dedicated: number, memory_mb = 4096) => ({ shared, dedicated, memory_mb });

describe('the topology that a guest asks for', () => {
  it.each([
    [{}, null],
    [{ 'hw:cpu_policy': 'shared' }, null],
    [{ 'hw:numa_nodes': '1' }, [cell(4, 0)]],
    [{ 'hw:numa_nodes': '2' }, [cell(2, 0, 2048), cell(2, 0, 2048)]],
    [{ 'hw:cpu_policy': 'dedicated' }, [cell(0, 4)]],
    [{ 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '^0' }, [cell(1, 3)]],
    [{ 'hw:cpu_policy': 'mixed', 'hw:cpu_realtime': 'yes', 'hw:cpu_realtime_mask': '^0-1' }, [cell(2, 2)]],
    [
      { 'hw:numa_nodes': '2', 'hw:numa_cpus.0': '0', 'hw:numa_cpus.1': '1-3', 'hw:numa_mem.0': '1024', 'hw:numa_mem.1': '3072' },
      [cell(1, 0, 1024), cell(3, 0, 3072)],
    ],
    [{ 'hw:mem_page_size': 'large' }, [cell(4, 0)]],
  ])('%j', (specs, cells) => expect(topology(specs)).toEqual(cells === null ? null : expect.objectContaining({ cells })));

  it.each([
    ['small', 'small'],
    ['2048', 2048],
    ['2MB', 2048],
    ['1GiB', 1_048_576],
  ])('pages of %s', (size, pages) => expect(topology({ 'hw:mem_page_size': size })).toMatchObject({ pages }));

  it('takes what the image says where the flavor says nothing', () => {
    expect(topology({}, { hw_numa_nodes: '2' })).toMatchObject({ cells: [cell(2, 0, 2048), cell(2, 0, 2048)] });
    expect(topology({ 'hw:numa_nodes': '1' }, { hw_numa_nodes: '2' })).toMatchObject({ cells: [cell(4, 0)] });
  });

  it.each([
    [{ 'hw:numa_nodes': '3' }, 'evenly'],
    [{ 'hw:numa_nodes': '0' }, '1 to 16'],
    [{ 'hw:numa_nodes': '2', 'hw:numa_cpus.0': '0-3' }, 'either all'],
    [
      { 'hw:numa_nodes': '2', 'hw:numa_cpus.0': '0-1', 'hw:numa_cpus.1': '1-3', 'hw:numa_mem.0': '1', 'hw:numa_mem.1': '4095' },
      'each CPU of the flavor once',
    ],
    [
      { 'hw:numa_nodes': '2', 'hw:numa_cpus.0': '0-1', 'hw:numa_cpus.1': '2-3', 'hw:numa_mem.0': '1', 'hw:numa_mem.1': '1' },
      'memory of the flavor',
    ],
    [{ 'hw:mem_page_size': 'huge' }, 'not a size'],
    [{ 'hw:cpu_policy': 'mixed' }, 'mixed'],
    [{ 'hw:cpu_policy': 'dedicated', 'hw:cpu_thread_policy': 'own' }, 'no thread policy'],
    [{ 'hw:numa_nodes': '1', 'hw:emulator_threads_policy': 'isolate' }, 'Emulator threads'],
  ])('%j is refused', (specs, words) => expect(topology(specs)).toContain(words));
});

describe('PCI devices that a flavor asks for', () => {
  const aliases = pciAliases(['gpu=10DE:1eb8', 'nic = 8086:1572:type-VF:required']);

  it.each([
    [undefined, []],
    ['gpu:2', [{ count: 2, alias: { vendor_id: '10de', dev_type: 'type-PCI', nearness: 'legacy' } }]],
    ['nic:1, gpu:1', [{ alias: { name: 'nic', dev_type: 'type-VF', nearness: 'required' } }, { alias: { name: 'gpu' } }]],
  ])('%s', (asked, requests) => {
    const specs: Record<string, string> = asked === undefined ? {} : { 'pci_passthrough:alias': asked };
    expect(pciRequests(flavor(specs), aliases)).toMatchObject({ requests });
  });

  it('are near as the flavor says, whatever the alias says', () => {
    const specs = { 'pci_passthrough:alias': 'nic:1', 'hw:pci_numa_affinity_policy': 'preferred' };
    expect(pciRequests(flavor(specs), aliases)).toMatchObject({ requests: [{ alias: { nearness: 'preferred' } }] });
  });

  it.each([
    ['fpga:1', 'PCI alias fpga is not defined'],
    ['gpu', "PCI request 'gpu' is not alias:count."],
    ['gpu:0', "PCI request 'gpu:0' is not alias:count."],
  ])('%s is refused', (asked, fault) =>
    expect(hardwareDemand(flavor({ 'pci_passthrough:alias': asked }), {}, aliases)).toEqual({ fault }),
  );

  it.each(['gpu', 'gpu=1:2', 'gpu=10de:1eb8:type-X', 'gpu=10de:1eb8:type-PF:close'])('%s is no alias', (setting) =>
    expect(() => pciAliases([setting])).toThrow('pci.aliases'),
  );
});

describe('why a guest does not fit', () => {
  const cells = [0, 1].map((id) => ({
    id,
    socket: id,
    cpus: [id * 10],
    pcpus: [id * 10 + 1, id * 10 + 2],
    siblings: [[id * 10 + 1, id * 10 + 2]],
    memory_mb: 2048,
    pages: [],
  }));
  const pools = [{ vendor_id: '10de', product_id: '1eb8', dev_type: 'type-PCI', numa_node: 0, count: 1 } as const];
  const free = freeHardware({ cells, pools, cpu_ratio: 1, ram_ratio: 1 }, []);
  const misfit = (specs: Record<string, string>, vcpus = 1, memory = 1024, nearness = 'legacy') => {
    const outcome = hardwareDemand(flavor(specs, vcpus, memory), {}, pciAliases([`gpu=10de:1eb8:type-PCI:${nearness}`]));
    if ('fault' in outcome) throw new Error(outcome.fault);
    const fit = fitHardware(free, outcome.demand);
    return 'misfit' in fit ? fit.misfit : fit.held;
  };

  it.each([
    [{ 'hw:numa_nodes': '3' }, 3, 3072, 'the host has 2 NUMA cells, wanted 3'],
    [{ 'hw:numa_nodes': '1' }, 2, 1024, 'NUMA cell 0: it has 1 shared CPUs, wanted 2'],
    [{ 'hw:numa_nodes': '1' }, 1, 4096, 'NUMA cell 0: 2048 MiB are left, wanted 4096'],
    [{ 'hw:cpu_policy': 'dedicated' }, 3, 1024, 'NUMA cell 0: 2 dedicated CPUs are left, wanted 3 with thread policy prefer'],
    [
      { 'hw:cpu_policy': 'dedicated', 'hw:cpu_thread_policy': 'isolate' },
      2,
      1024,
      'NUMA cell 0: 2 dedicated CPUs are left, wanted 2 with thread policy isolate',
    ],
    [{ 'hw:mem_page_size': '2MB' }, 1, 1024, 'NUMA cell 0: it has no 1024 MiB free in pages of size 2048'],
    [{ 'pci_passthrough:alias': 'gpu:2' }, 1, 1024, '1 of 2 devices of PCI alias gpu are free'],
  ])('%j with %i CPUs, %i MiB', (specs, vcpus, memory, reason) => expect(misfit(specs, vcpus, memory)).toBe(reason));

  it('puts a guest beside its devices, and one without devices elsewhere', () => {
    const near = { 'hw:numa_nodes': '1', 'pci_passthrough:alias': 'gpu:1' };
    expect(misfit(near, 1, 1024, 'required')).toMatchObject({ cells: [{ cell: 0 }], devices: [{ numa_node: 0, count: 1 }] });
    expect(misfit({ 'hw:numa_nodes': '1' })).toMatchObject({ cells: [{ cell: 1 }] });
  });
});
