import { describe, expect, it } from 'vitest';
import { devicesAt, type KnownProvider, wantedDevices } from './wanted-devices.js';

const providers = new Map<string, KnownProvider>([
  ['root', { node: 'h', name: 'h' }],
  ['gpu', { node: 'h', name: 'h_pgpu0' }],
]);
const behind = ({ name }: KnownProvider, rc: string): readonly string[] =>
  name === 'h_pgpu0' && rc === 'VGPU' ? ['d1', 'd2'] : [];
const wishes = (allocations: Record<string, Record<string, number>>) =>
  wantedDevices(
    Object.fromEntries(Object.entries(allocations).map(([uuid, resources]) => [uuid, { resources }])),
    providers,
    behind,
  );

describe('what a claim wants of devices', () => {
  it('is nothing where all classes are only counted', () => {
    expect(wishes({ root: { VCPU: 1, MEMORY_MB: 512 }, pool: { DISK_GB: 1 } })).toEqual({ wanted: [], isOutdated: false });
  });

  it('is as many as it names, of the provider that it names', () => {
    const wanted = [{ resource_class: 'VGPU', amount: 2, devices: ['d1', 'd2'] }];
    expect(wishes({ root: { VCPU: 1 }, gpu: { VGPU: 2 } })).toEqual({ wanted, isOutdated: false });
  });

  it('is not known when the tree has changed since', () => {
    expect(wishes({ root: { VCPU: 1, VGPU: 1 } })).toEqual({ wanted: [], isOutdated: true });
    expect(wishes({ gone: { VGPU: 1 } })).toEqual({ wanted: [], isOutdated: true });
  });
});

it('a step works with the devices of its side of a move', () => {
  const device = (name: string, migration_uuid: string | null) => ({ resource_class: 'VGPU', device: name, migration_uuid });
  const devices = [device('old', null), device('older', 'm0'), device('new', 'm1')];
  expect(devicesAt('destination', devices, 'm1')).toEqual(['new']);
  expect(devicesAt('source', devices, 'm1')).toEqual(['old', 'older']);
  expect(devicesAt('host', devices, null)).toEqual(['old', 'older', 'new']);
  expect(devicesAt('destination', [device('a', null)], null)).toEqual(['a']);
});
