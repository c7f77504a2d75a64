import { describe, expect, it } from 'vitest';
import { flavor, requestSpec } from '../../testing/builders.js';
import type { AggregateFacts } from '../host-state.js';
import { NO_CONSTRAINTS, placementQuery } from './placement-query.js';
import { preFilter } from './pre-filters.js';
import { resourceGroups } from './resources.js';

const query = (extraSpecs: Record<string, string>, over = {}) =>
  new URLSearchParams(placementQuery(requestSpec({ flavor: flavor(extraSpecs), ...over }), NO_CONSTRAINTS, 1000));

const OFF = {
  limitTenantsToPlacementAggregate: false,
  placementAggregateRequiredForTenants: false,
  queryPlacementForImageTypeSupport: false,
  enableIsolatedAggregateFiltering: false,
};

describe('the placement query', () => {
  it('asks for the flavor and leaves disabled computes out', () => {
    const asked = query({});
    expect(asked.get('resources')).toBe('VCPU:1,MEMORY_MB:512,DISK_GB:1');
    expect(asked.get('root_required')).toBe('!COMPUTE_STATUS_DISABLED');
    expect(asked.get('limit')).toBe('1000');
  });

  it('lets extra specs override and remove resources', () => {
    const asked = query({ 'resources:VCPU': '0', 'resources:CUSTOM_GPU': '2' });
    expect(asked.get('resources')).toBe('MEMORY_MB:512,DISK_GB:1,CUSTOM_GPU:2');
  });

  it('keeps suffixed groups apart and names a group policy when there are several', () => {
    const asked = query({
      'resources1:VGPU': '1',
      'trait1:CUSTOM_A': 'required',
      'resources2:VGPU': '1',
      'trait2:CUSTOM_B': 'forbidden',
    });
    expect([asked.get('resources1'), asked.get('required1'), asked.get('required2')]).toEqual([
      'VGPU:1',
      'CUSTOM_A',
      '!CUSTOM_B',
    ]);
    expect(asked.get('group_policy')).toBe('none');
  });

  it('leaves VCPU out when dedicated CPUs are asked for', () => {
    expect(resourceGroups(requestSpec({ flavor: flavor({ 'resources:PCPU': '2' }) }))[0]?.resources).toEqual({
      MEMORY_MB: 512,
      DISK_GB: 1,
      PCPU: 2,
    });
  });

  it('asks no root disk of a server that boots from a volume, and counts swap in GiB', () => {
    const spec = requestSpec({ is_bfv: true, flavor: { ...flavor(), swap: 1025 } });
    expect(resourceGroups(spec)[0]?.resources['DISK_GB']).toBe(2);
  });
});

describe('pre-filters', () => {
  const aggregates: readonly AggregateFacts[] = [
    { uuid: 'agg1', name: 'a', metadata: { availability_zone: 'az1', filter_tenant_id: 'project' }, hosts: [] },
    { uuid: 'agg2', name: 'b', metadata: { 'trait:CUSTOM_LICENSED': 'required' }, hosts: [] },
  ];

  it('turns a zone into its aggregates', () => {
    const result = preFilter(requestSpec({ availability_zone: 'az1' }), aggregates, OFF);
    expect(result).toMatchObject({ outcome: 'constraints', constraints: { memberOf: [['agg1']] } });
  });

  it('has no host for a tenant without an aggregate, where one is required', () => {
    const options = { ...OFF, limitTenantsToPlacementAggregate: true, placementAggregateRequiredForTenants: true };
    expect(preFilter(requestSpec({ project_id: 'stranger' }), aggregates, options)).toMatchObject({
      reason: 'No hosts available for tenant',
    });
  });

  it('closes isolated aggregates to requests without their trait', () => {
    const options = { ...OFF, enableIsolatedAggregateFiltering: true };
    const closed = preFilter(requestSpec(), aggregates, options);
    expect(closed).toMatchObject({ constraints: { forbiddenAggregates: ['agg2'] } });
    const open = preFilter(requestSpec({ flavor: flavor({ 'trait:CUSTOM_LICENSED': 'required' }) }), aggregates, options);
    expect(open).toMatchObject({ constraints: { forbiddenAggregates: [] } });
  });
});
