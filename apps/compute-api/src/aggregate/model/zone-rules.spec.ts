import { describe, expect, it } from 'vitest';
import { conflictingZones, mergedMetadata, movedHosts, replaced, type ZonedAggregate, zoneOfHost } from './zone-rules.js';

const aggregate = (id: number, hosts: string[], zone?: string): ZonedAggregate => ({
  id,
  hosts,
  metadata: zone === undefined ? {} : { availability_zone: zone },
});

describe('zones of aggregates', () => {
  const all = [aggregate(1, ['a', 'b'], 'az1'), aggregate(2, ['a', 'c']), aggregate(3, ['d'], 'az2')];

  it('come from the aggregate that names one', () => {
    expect([zoneOfHost('a', all), zoneOfHost('c', all), zoneOfHost('d', all)]).toEqual(['az1', undefined, 'az2']);
  });

  it('conflict when a host would be in two', () => {
    expect(conflictingZones('az2', ['a', 'c'], 2, all)).toEqual(['az1']);
    expect(conflictingZones('az1', ['a'], 2, all)).toEqual([]);
    expect(conflictingZones('az3', ['a', 'b'], 1, all)).toEqual([]);
  });

  it('move hosts when the only aggregate that names one changes', () => {
    expect(movedHosts(['a', 'b'], all, replaced(all, aggregate(1, ['a'], 'az1')))).toEqual(['b']);
    expect(movedHosts(['a', 'c'], all, replaced(all, aggregate(2, ['a', 'c'], 'az1')))).toEqual(['c']);
  });

  it('go with the metadata, where null removes', () => {
    expect(mergedMetadata({ a: '1', b: '2' }, { a: null, c: '3' })).toEqual({ b: '2', c: '3' });
  });
});
