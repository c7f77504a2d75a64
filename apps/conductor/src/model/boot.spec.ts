import type { BootRow } from '@kilonova/api-db';
import type { HostVerdict, Selection } from '@kilonova/compute-objects';
import { aGroup, aRequestSpec, aSelection } from '@kilonova/compute-samples';
import { describe, expect, it } from 'vitest';
import { aBoot } from '../spec-support/samples.js';
import { type PendingBoot, partitionBoots } from './boot-partition.js';
import { planBuilds } from './boot-plan.js';
import { exhaustedFault } from './build-faults.js';
import { groupViolation, refreshGroup } from './group-policy.js';
import { buried, noValidHostFault } from './no-valid-host.js';

const row = (given: Partial<BootRow>): BootRow => {
  const boot = aBoot('req-1');
  return {
    uuid: boot.instance.uuid,
    cell_id: null,
    mapped: true,
    queued_for_delete: false,
    instance: boot.instance,
    spec: boot.spec,
    admin_password: null,
    block_devices: [],
    ...given,
  };
};
const pending = (): PendingBoot => {
  const { uuid, instance, spec, admin_password, block_devices } = row({});
  if (instance === null || spec === null) throw new Error('incomplete');
  return { uuid, instance, spec, admin_password, block_devices };
};
const now = new Date(0);
const at = (host: string | null) => ({ host, other: null, is_placing: false });

describe('boots by how far they have got', () => {
  it('wait, are settled in a cell, or are gone', () => {
    const [waiting, inOne, inTwo, gone] = [
      row({}),
      row({ instance: null, cell_id: 1 }),
      row({ instance: null, cell_id: 2 }),
      row({ instance: null, mapped: false }),
    ];
    const parts = partitionBoots([waiting, inOne, inTwo, gone]);
    expect(parts.pending.map((boot) => boot.uuid)).toEqual([waiting.uuid]);
    expect(parts.settled).toEqual(
      new Map([
        [1, [inOne.uuid]],
        [2, [inTwo.uuid]],
      ]),
    );
    expect(parts.gone).toEqual([gone.uuid]);
  });
});

describe('the plan of builds', () => {
  it('gives each instance its selection, its alternates and its zone, by cell', () => {
    const [one, two] = [pending(), pending()];
    const spec = aRequestSpec(one.uuid, { instance_group: aGroup({ name: 'fresh' }) });
    const plan = planBuilds(
      [one, two],
      [[aSelection('h1', 'c1'), aSelection('h2', 'c1')], [aSelection('h3', 'c2', { availability_zone: null })]],
      spec,
    );
    expect([...plan.keys()]).toEqual(['c1', 'c2']);
    expect(plan.get('c1')).toMatchObject([
      {
        instance: { uuid: one.uuid, availability_zone: 'nova' },
        arguments: { selection: { service_host: 'h1' }, alternates: [{ service_host: 'h2' }] },
      },
    ]);
    expect(plan.get('c2')).toMatchObject([
      {
        instance: { availability_zone: null },
        arguments: { request_spec: { instance_uuid: two.uuid, instance_group: { name: 'fresh' } } },
      },
    ]);
  });

  it('is not made of fewer selections than instances', () => {
    const boot = pending();
    expect(() => planBuilds([boot], [], boot.spec)).toThrow(expect.objectContaining({ code: 'conductor.selection.missing' }));
  });
});

describe('the fault of a server without a host', () => {
  const verdict: HostVerdict = {
    host: 'secret-host',
    provider_uuid: null,
    stage: 'filter',
    rule: 'RamFilter',
    reason: 'too little',
  };

  it('tells the tenant the reason, and administrators which host was refused and why', () => {
    const fault = noValidHostFault('Nothing fits.', [verdict], now);
    expect(fault).toMatchObject({ code: 500, message: 'No valid host was found. Nothing fits.' });
    expect(fault.details).toContain('secret-host: filter RamFilter: too little');
    expect(fault.message).not.toContain('secret-host');
  });

  it('stays readable with very many hosts and very long reasons', () => {
    const fault = noValidHostFault(
      'x'.repeat(1000),
      Array.from({ length: 10_000 }, () => verdict),
      now,
    );
    expect(fault.message).toHaveLength(255);
    expect(fault.details.split('\n')).toHaveLength(52);
  });

  it.each(['error', 'pending'] as const)('is all that changes of the instance, with its state: %s', (state) => {
    const boot = pending();
    const fault = noValidHostFault('', [], now);
    expect(buried(boot, fault, state)).toEqual({ ...boot.instance, vm_state: state, task_state: null, fault });
  });
});

describe('the fault of a build that has no host left', () => {
  const fault = { code: 500, message: 'no disk', details: 'trace', host: 'h1', created_at: '' };
  const { instance, spec } = aBoot('req-1');
  const selection = aSelection('h1', 'c');
  const failed = (attempt: number, alternates: readonly Selection[] = []) => ({
    instanceUuid: instance.uuid,
    host: 'h1',
    attempt,
    fault,
    arguments: {
      request_spec: spec,
      image: null,
      requested_networks: 'none',
      admin_password: null,
      selection,
      alternates,
    } as const,
  });

  it('tells tenants what kind of failure it was where nothing else could be tried', () => {
    expect(exhaustedFault(failed(1), now)).toEqual({ ...fault, message: `Build of instance ${instance.uuid} aborted: no disk` });
  });

  it('says that all were tried otherwise', () => {
    expect(exhaustedFault(failed(2), now)).toMatchObject({
      message: expect.stringContaining('Exhausted all hosts'),
      details: expect.stringContaining('no disk'),
    });
    expect(exhaustedFault(failed(1, [aSelection('h2', 'c')]), now).message).toContain('Exhausted');
  });
});

describe('a server group', () => {
  it('has the hosts of its other members, as the cells know them, once for each member', () => {
    const members = [
      { instance_uuid: 'a', host: 'h1', is_settled: false },
      { instance_uuid: 'b', host: 'h2', is_settled: true },
      { instance_uuid: 'c', host: null, is_settled: true },
      { instance_uuid: 'failed', host: 'h4', is_settled: true },
      { instance_uuid: 'left', host: 'h8', is_settled: true },
      { instance_uuid: 'me', host: 'h9', is_settled: false },
    ];
    const places = new Map([
      ['b', at('h3')],
      ['c', at('h1')],
      ['failed', at(null)],
    ]);
    const fresh = (isWhole: boolean) => refreshGroup(aGroup(), members, { places, isWhole }, new Set(['me']));
    expect(fresh(true)).toMatchObject({ members: ['a', 'b', 'c', 'failed', 'left', 'me'], hosts: ['h1', 'h1', 'h3'] });
    expect(fresh(false).hosts).toEqual(['h1', 'h1', 'h3', 'h8']);
  });

  it.each([
    ['anti-affinity', ['chosen', 'from', 'to']],
    ['soft-anti-affinity', ['chosen', 'from', 'to']],
    ['affinity', ['from']],
    ['soft-affinity', ['from']],
  ] as const)('with %s and a member that moves is on hosts %j', (policy, hosts) => {
    const members = [{ instance_uuid: 'a', host: 'chosen', is_settled: true }];
    const places = new Map([['a', { host: 'from', other: 'to', is_placing: true }]]);
    expect(refreshGroup(aGroup({ policy }), members, { places, isWhole: true }, new Set()).hosts).toEqual(hosts);
  });

  it.each(['anti-affinity', 'affinity'] as const)(
    'with %s and a member on its way to its first host is where that was chosen',
    (policy) => {
      const members = [{ instance_uuid: 'a', host: 'chosen', is_settled: true }];
      const places = new Map([['a', { host: null, other: null, is_placing: true }]]);
      expect(refreshGroup(aGroup({ policy }), members, { places, isWhole: true }, new Set()).hosts).toEqual(['chosen']);
    },
  );

  it.each([
    ['anti-affinity', { here: 0, leaving: 0, elsewhere: 5 }, undefined],
    ['anti-affinity', { here: 1, leaving: 0, elsewhere: 0 }, 'Anti-affinity instance group policy was violated.'],
    ['anti-affinity', { here: 0, leaving: 1, elsewhere: 1 }, 'Anti-affinity instance group policy was violated.'],
    ['affinity', { here: 0, leaving: 0, elsewhere: 0 }, undefined],
    ['affinity', { here: 1, leaving: 0, elsewhere: 1 }, undefined],
    ['affinity', { here: 0, leaving: 1, elsewhere: 1 }, 'Affinity instance group policy was violated.'],
    ['soft-anti-affinity', { here: 9, leaving: 0, elsewhere: 0 }, undefined],
    ['soft-affinity', { here: 0, leaving: 0, elsewhere: 9 }, undefined],
  ] as const)('with %s and neighbours %j', (policy, neighbours, violation) => {
    expect(groupViolation(aGroup({ policy }), neighbours)).toBe(violation);
  });

  it('with more allowed on a host takes so many', () => {
    const group = aGroup({ rules: { max_server_per_host: 2 } });
    expect(groupViolation(group, { here: 1, leaving: 0, elsewhere: 0 })).toBeUndefined();
    expect(groupViolation(group, { here: 1, leaving: 1, elsewhere: 1 })).toBeDefined();
  });
});
