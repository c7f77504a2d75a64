import { describe, expect, it } from 'vitest';
import { facts, flavor, hostState, NOW, requestSpec } from '../../testing/builders.js';
import { FILTERS, reject } from './index.js';

const filter = (name: string) => {
  const found = FILTERS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

const group = (policy: 'affinity' | 'anti-affinity', max_server_per_host?: number) => ({
  uuid: 'g',
  name: 'g',
  project_id: 'project',
  user_id: 'user',
  policy,
  rules: max_server_per_host === undefined ? {} : { max_server_per_host },
  members: [],
  hosts: [],
});

const service = (over: object) => {
  const base = hostState('a');
  return { ...base, facts: { ...base.facts, service: { ...base.facts.service, ...over } } };
};

describe('a rejection', () => {
  it('cannot be made without a reason', () => {
    expect(() => reject('')).toThrow('reason');
  });
});

describe('ComputeFilter', () => {
  const check = (over: object) => filter('ComputeFilter').check(service(over), requestSpec(), facts());

  it('takes a host that has just reported', () => expect(check({}).passes).toBe(true));
  it('refuses a disabled service', () => expect(check({ disabled: true })).toEqual(reject('the compute service is disabled')));
  it('refuses a service that was forced down', () => expect(check({ forcedDown: true }).passes).toBe(false));
  it('refuses a service that never reported', () => expect(check({ lastSeenUp: null }).passes).toBe(false));
  it('takes silence up to the limit, and not beyond', () => {
    expect(check({ lastSeenUp: new Date(NOW.getTime() - 60_000) }).passes).toBe(true);
    expect(check({ lastSeenUp: new Date(NOW.getTime() - 61_000) }).passes).toBe(false);
  });
});

describe('server group filters', () => {
  it('keeps anti-affinity at max_server_per_host', () => {
    const spec = requestSpec({ instance_group: group('anti-affinity', 2) });
    const check = (members: number) =>
      filter('ServerGroupAntiAffinityFilter').check(hostState('a'), spec, facts({ groupMembersByHost: { a: members } })).passes;
    expect([check(1), check(2)]).toEqual([true, false]);
  });

  it('keeps affinity where the group lives, and lets the first choose', () => {
    const spec = requestSpec({ instance_group: group('affinity') });
    const check = (byHost: Record<string, number>) =>
      filter('ServerGroupAffinityFilter').check(hostState('a'), spec, facts({ groupMembersByHost: byHost })).passes;
    expect(check({})).toBe(true);
    expect(check({ a: 1 })).toBe(true);
    expect(check({ b: 1 })).toBe(false);
  });
});

describe('hints', () => {
  const hinted = facts({ hintHosts: { i1: 'a' } });

  it('different_host keeps away from the instance', () => {
    const spec = requestSpec({ scheduler_hints: { different_host: ['i1'] } });
    expect(filter('DifferentHostFilter').check(hostState('a'), spec, hinted).passes).toBe(false);
    expect(filter('DifferentHostFilter').check(hostState('b'), spec, hinted).passes).toBe(true);
  });

  it('same_host joins the instance; an unknown one leaves no host', () => {
    const join = requestSpec({ scheduler_hints: { same_host: ['i1'] } });
    expect(filter('SameHostFilter').check(hostState('a'), join, hinted).passes).toBe(true);
    const unknown = requestSpec({ scheduler_hints: { same_host: ['nobody'] } });
    expect(filter('SameHostFilter').check(hostState('a'), unknown, hinted).passes).toBe(false);
  });
});

describe('zones, images, capabilities, aggregates', () => {
  it('takes the zone asked for', () => {
    const check = (zone: string) =>
      filter('AvailabilityZoneFilter').check(hostState('a'), requestSpec({ availability_zone: zone }), facts()).passes;
    expect([check('nova'), check('other')]).toEqual([true, false]);
  });

  it('wants architecture and hypervisor type in one combination', () => {
    const image = (properties: Record<string, string>) => requestSpec({ image: { ...imageBase, properties } });
    const check = (properties: Record<string, string>) =>
      filter('ImagePropertiesFilter').check(hostState('a'), image(properties), facts()).passes;
    expect(check({ hw_architecture: 'x86_64', img_hv_type: 'fake' })).toBe(true);
    expect(check({ hw_architecture: 'ppc64' })).toBe(false);
  });

  it.each([
    ['>= 900', true],
    ['>= 1001', false],
    ['== 1000', true],
    ['<or> 1 <or> 1000', true],
  ])('compares capabilities:hypervisor_version with %s', (requirement, passes) => {
    const spec = requestSpec({ flavor: flavor({ 'capabilities:hypervisor_version': requirement }) });
    expect(filter('ComputeCapabilitiesFilter').check(hostState('a'), spec, facts()).passes).toBe(passes);
  });

  it('keeps an aggregate for the tenants that it names', () => {
    const aggregates = [{ uuid: 'u', name: 'n', metadata: { filter_tenant_id: 'other, project' }, hosts: ['a'] }];
    const check = (project_id: string) =>
      filter('AggregateMultiTenancyIsolation').check(hostState('a', { aggregates }), requestSpec({ project_id }), facts()).passes;
    expect([check('project'), check('stranger')]).toEqual([true, false]);
  });
});

const imageBase = {
  id: 'i',
  name: 'i',
  status: 'active',
  owner: null,
  disk_format: 'raw',
  container_format: 'bare',
  checksum: null,
  size: 1,
  min_ram: 0,
  min_disk: 0,
  created_at: null,
  updated_at: null,
};
