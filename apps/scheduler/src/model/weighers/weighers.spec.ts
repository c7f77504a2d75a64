import type { InstanceGroup, RequestSpec } from '@kilonova/compute-objects';
import { describe, expect, it } from 'vitest';
import { facts, hostState, requestSpec } from '../../testing/builders.js';
import { DEFAULT_FILTER_OPTIONS, type SchedulingFacts } from '../filters/index.js';
import { HostRanking } from '../host-ranking.js';
import type { HostState } from '../host-state.js';
import { type Multipliers, WEIGHERS } from './index.js';

/** Only the named weigher counts. */
const only = (name: string, multiplier = WEIGHERS.find((one) => one.name === name)?.defaultMultiplier ?? 1): Multipliers =>
  Object.fromEntries(WEIGHERS.map((weigher) => [weigher.name, weigher.name === name ? multiplier : 0]));

function order(
  hosts: readonly HostState[],
  multipliers: Multipliers,
  spec: RequestSpec = requestSpec(),
  given: SchedulingFacts = facts(),
): readonly string[] {
  const ranking = new HostRanking(hosts, { weighers: WEIGHERS, multipliers }, spec, given);
  return [...ranking.best()].map(({ host }) => host.facts.host);
}

const stats = (name: string, given: Record<string, string>): HostState => {
  const base = hostState(name);
  return { ...base, facts: { ...base.facts, stats: given } };
};
const group = (policy: InstanceGroup['policy']) =>
  requestSpec({
    instance_group: { uuid: 'g', name: 'g', project_id: 'p', user_id: 'u', policy, rules: {}, members: [], hosts: [] },
  });

describe('a weigher alone', () => {
  const large = hostState('large', { vcpus: 9 });
  const small = hostState('small', { vcpus: 2 });
  const full = hostState('full', { vcpus: 9, used: 8 });

  it.each([
    ['ram', ['large', 'full', 'small']],
    ['cpu', ['large', 'small', 'full']],
  ])('%s: free room first, or last with a negative multiplier', (name, expected) => {
    expect(order([full, small, large], only(name))).toEqual(expected);
    expect(order([large, small, full], only(name, -1))).toEqual(expected.toReversed());
  });

  it('disk: free room first', () => expect(order([full, large], only('disk'))).toEqual(['large', 'full']));

  it('ioOps: hosts with builds under way last, those of the last second included', () => {
    const busy = stats('busy', { io_workload: '2' });
    const taken = { ...hostState('taken'), taken: 1 };
    expect(order([busy, taken, hostState('idle')], only('ioOps'))).toEqual(['idle', 'taken', 'busy']);
  });

  it('numInstances: packs or spreads', () => {
    const hosts = [stats('two', { num_instances: '2' }), stats('five', { num_instances: '5' })];
    expect(order(hosts, only('numInstances', 1))).toEqual(['five', 'two']);
    expect(order(hosts, only('numInstances', -1))).toEqual(['two', 'five']);
  });

  it('buildFailure: outweighs all others', () => {
    const broken = stats('broken', { failed_builds: '1' });
    expect(order([{ ...broken, resources: large.resources }, small], {})).toEqual(['small', 'broken']);
  });

  it('hypervisorVersion: the newest first', () => {
    const newer = { ...hostState('newer'), facts: { ...hostState('newer').facts, hypervisorVersion: 2000 } };
    expect(order([small, newer], only('hypervisorVersion'))).toEqual(['newer', 'small']);
  });

  it('softAffinity and softAntiAffinity: where most or fewest members are', () => {
    const members = facts({ groupMembersByHost: { small: 2, full: 1 } });
    const hosts = [large, full, small];
    expect(order(hosts, only('softAffinity'), group('soft-affinity'), members)).toEqual(['small', 'full', 'large']);
    expect(order(hosts, only('softAntiAffinity'), group('soft-anti-affinity'), members)).toEqual(['large', 'full', 'small']);
    expect(order(hosts, only('softAffinity'), group('soft-anti-affinity'), members)).toEqual(['large', 'full', 'small']);
  });

  it('metrics: the sum by ratio; a host without them last', () => {
    const hosts = [stats('none', {}), stats('hot', { 'metrics.heat': '90' }), stats('cold', { 'metrics.heat': '10' })];
    const given = facts({ options: { ...DEFAULT_FILTER_OPTIONS, metricsWeightSetting: ['heat=-1'] } });
    expect(order(hosts, only('metrics'), requestSpec(), given)).toEqual(['cold', 'hot', 'none']);
  });
});

describe('weighers of devices, cells and images', () => {
  const with_ = (name: string, over: Partial<HostState['facts']>): HostState => {
    const base = hostState(name);
    return { ...base, facts: { ...base.facts, ...over } };
  };
  const devices = (count: number) => {
    const pool = { vendor_id: '10de', product_id: '1eb8', dev_type: 'type-PCI', numa_node: null, count } as const;
    return { hardware: { cells: [], pools: [pool], cpu_ratio: 1, ram_ratio: 1, held: {} } };
  };

  it('pci: hosts with few devices first, beyond a hundred all alike', () => {
    const hosts = [with_('many', devices(8)), with_('none', {}), with_('one', devices(1))];
    expect(order(hosts, only('pci'))).toEqual(['none', 'one', 'many']);
    expect(order([with_('more', devices(200)), with_('lots', devices(150))], only('pci'))).toEqual(['more', 'lots']);
  });

  it('crossCellMove: the own cell first for a server that moves', () => {
    const hosts = [hostState('far', { cell: 'cell2' }), hostState('near')];
    const spec = requestSpec({ requested_destination: { host: null, node: null, cell: 'cell1' } });
    expect(order(hosts, only('crossCellMove'), spec)).toEqual(['near', 'far']);
    expect(order(hosts, only('crossCellMove'))).toEqual(['far', 'near']);
  });

  it('imageProps: beside servers with the same image properties, by their weights', () => {
    const counts = (given: object) => ({ stats: { image_properties: JSON.stringify(given) } });
    const hosts = [
      with_('linux', counts({ 'os_type=linux': 2, 'os_distro=debian': 1 })),
      with_('windows', counts({ 'os_type=windows': 9 })),
      with_('broken', { stats: { image_properties: 'x' } }),
    ];
    const spec = requestSpec({ image: { id: 'i', properties: { os_type: 'windows', os_distro: 'debian' } } as never });
    expect(order(hosts, only('imageProps', 1), spec)).toEqual(['windows', 'linux', 'broken']);
    const given = facts({ options: { ...DEFAULT_FILTER_OPTIONS, imagePropsWeightSetting: ['os_distro=1'] } });
    expect(order(hosts, only('imageProps', 1), spec, given)).toEqual(['linux', 'windows', 'broken']);
    expect(order(hosts, only('imageProps', -1), spec)).toEqual(['broken', 'linux', 'windows']);
  });
});

describe('an aggregate', () => {
  const within = (name: string, ...values: string[]): HostState =>
    hostState(name, {
      vcpus: 8,
      aggregates: values.map((value, at) => ({
        uuid: `${at}`,
        name: `${at}`,
        metadata: { ram_weight_multiplier: value },
        hosts: [name],
      })),
    });

  it('has multipliers of its own, of several the least, and none that is no number', () => {
    const weightOf = (host: HostState) => {
      const rules = { weighers: WEIGHERS, multipliers: only('ram') };
      const ranking = new HostRanking([host, hostState('other', { vcpus: 4 })], rules, requestSpec(), facts());
      return [...ranking.best()].find((entry) => entry.host.facts.host === host.facts.host)?.weight;
    };
    expect([weightOf(within('a', '3')), weightOf(within('a', '3', '-2')), weightOf(within('a', 'much'))]).toEqual([3, -2, 1]);
  });
});
