import { type HeldHardware, type NodeHardware, pciAliases } from '@kilonova/compute-objects';
import { describe, expect, it } from 'vitest';
import { facts, flavor, hostState, requestSpec } from '../../testing/builders.js';
import { HostRanking } from '../host-ranking.js';
import type { HostState } from '../host-state.js';
import { PlacingRun } from '../placing-run.js';
import { WEIGHERS } from '../weighers/index.js';
import { DEFAULT_FILTER_OPTIONS, FILTERS } from './index.js';

const given = facts({ options: { ...DEFAULT_FILTER_OPTIONS, pciAliases: pciAliases(['gpu=10de:1eb8']) } });
const NODE: NodeHardware = {
  cells: [
    {
      id: 0,
      socket: 0,
      cpus: [0, 1],
      pcpus: [2, 3],
      siblings: [[2, 3]],
      memory_mb: 2048,
      pages: [{ size_kb: 2048, total: 256 }],
    },
    { id: 1, socket: 0, cpus: [4, 5], pcpus: [6, 7], siblings: [[6, 7]], memory_mb: 2048, pages: [] },
  ],
  pools: [{ vendor_id: '10de', product_id: '1eb8', dev_type: 'type-PCI', numa_node: 1, count: 2 }],
  cpu_ratio: 1,
  ram_ratio: 1,
  held: {},
};
const host = (hardware: NodeHardware | null = NODE, pending: readonly HeldHardware[] = []): HostState => {
  const base = hostState('a', { vcpus: 100, pending });
  return { ...base, facts: { ...base.facts, hardware } };
};
const wanting = (extra_specs: Record<string, string>, vcpus = 1, memory_mb = 512) =>
  requestSpec({ flavor: { ...flavor(extra_specs), vcpus, memory_mb } });

function refusal(name: string, on: HostState, spec = wanting({})) {
  const result = FILTERS.find((filter) => filter.name === name)?.check(on, spec, given);
  if (result === undefined) throw new Error(`there is no ${name}`);
  return result.passes ? undefined : result.reason;
}

const pinned = { 'hw:cpu_policy': 'dedicated' };
const held = (cell: number, pins: readonly number[]): HeldHardware => ({
  cells: [{ cell, shared: 0, pinned: pins, reserved: [], memory_mb: 512, page_kb: null }],
  devices: [],
});

describe('NUMATopologyFilter', () => {
  it.each([
    [{}, host(null), undefined],
    [{ 'hw:numa_nodes': '1' }, host(null), 'the host reports no NUMA cells'],
    [{ 'hw:numa_nodes': '1' }, host(), undefined],
    [{ 'hw:mem_page_size': 'large' }, host(), undefined],
    [{ 'hw:mem_page_size': '1GB' }, host(), 'NUMA cell 1: it has no 512 MiB free in pages of size 1048576'],
    [pinned, host(), undefined],
    [pinned, host({ ...NODE, held: { other: held(0, [2, 3]) } }, [held(1, [6])]), undefined],
    [
      pinned,
      host({ ...NODE, held: { other: held(0, [2, 3]) } }, [held(1, [6, 7])]),
      'NUMA cell 1: 0 dedicated CPUs are left, wanted 1 with thread policy prefer',
    ],
    [{ 'hw:numa_nodes': '2' }, host(), 'CPUs and memory cannot be shared out evenly among the NUMA nodes.'],
    [
      { ...pinned, 'pci_passthrough:alias': 'gpu:1', 'hw:pci_numa_affinity_policy': 'required' },
      host({ ...NODE, held: { other: held(1, [6, 7]) } }),
      '0 of 1 devices of PCI alias gpu are free near enough',
    ],
  ])('%j', (specs: Record<string, string>, on, reason) => expect(refusal('NUMATopologyFilter', on, wanting(specs))).toBe(reason));
});

describe('PciPassthroughFilter', () => {
  it.each([
    [{}, host(null), undefined],
    [{ 'pci_passthrough:alias': 'gpu:2' }, host(), undefined],
    [{ 'pci_passthrough:alias': 'gpu:3' }, host(), '2 of 3 devices of PCI alias gpu are free'],
    [{ 'pci_passthrough:alias': 'gpu:1' }, host(null), '0 of 1 devices of PCI alias gpu are free'],
    [{ 'pci_passthrough:alias': 'fpga:1' }, host(), 'PCI alias fpga is not defined'],
  ])('%j', (specs: Record<string, string>, on, reason) =>
    expect(refusal('PciPassthroughFilter', on, wanting(specs))).toBe(reason),
  );
});

describe('what a run takes of cells and devices', () => {
  const run = (specs: Record<string, string>, vcpus = 1) => {
    const rules = { filters: FILTERS, weighers: WEIGHERS, multipliers: {}, hostSubsetSize: 1, random: () => 0 };
    const spec = wanting(specs, vcpus);
    return new PlacingRun(new HostRanking([host()], rules, spec, given), spec, rules, given);
  };

  it('counts at once: two guests with two threads of their own, two with a device, and none after', () => {
    const guests = run(pinned, 2);
    expect([guests.take(), guests.take(), guests.take()].map((one) => one?.facts.host)).toEqual(['a', 'a', undefined]);
    const devices = run({ 'pci_passthrough:alias': 'gpu:1' });
    expect([devices.take(), devices.take(), devices.take()].map((one) => one?.facts.host)).toEqual(['a', 'a', undefined]);
  });

  it('is there again when it was put back', () => {
    const guests = run(pinned, 2);
    const [first] = [guests.take(), guests.take()];
    if (first === undefined) throw new Error('there is room for two');
    guests.putBack(first);
    expect(guests.take()?.facts.host).toBe('a');
    expect(guests.take()).toBeUndefined();
  });
});
