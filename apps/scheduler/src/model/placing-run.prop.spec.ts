import type { InstanceGroup, RequestSpec } from '@kilonova/compute-objects';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { facts, hostState, requestSpec } from '../testing/builders.js';
import { FILTERS } from './filters/index.js';
import { HostRanking } from './host-ranking.js';
import type { HostState } from './host-state.js';
import { PlacingRun, type RunRules } from './placing-run.js';
import { WEIGHERS } from './weighers/index.js';

const rules: RunRules = { filters: FILTERS, weighers: WEIGHERS, multipliers: {}, hostSubsetSize: 1, random: () => 0 };

const hosts = fc
  .array(fc.record({ vcpus: fc.integer({ min: 0, max: 6 }), cell: fc.constantFrom('cell1', 'cell2') }), {
    minLength: 0,
    maxLength: 6,
  })
  .map((list) => list.map((over, index) => hostState(`h${index}`, over)));

const counts = fc.integer({ min: 1, max: 12 });

const begin = (states: readonly HostState[], spec: RequestSpec = requestSpec(), ranking = rank(states, spec)) =>
  new PlacingRun(ranking, spec, rules, facts());
const rank = (states: readonly HostState[], spec: RequestSpec = requestSpec()) => new HostRanking(states, rules, spec, facts());

/** Takes as many hosts as there are, at most `count`. */
const takeAll = (run: PlacingRun, count: number): HostState[] =>
  Array.from({ length: count }, () => run.take()).filter((host) => host !== undefined);

const names = (taken: readonly HostState[]) => taken.map((host) => host.facts.host);
const capacity = (states: readonly HostState[]) =>
  states.reduce((sum, state) => sum + (state.resources['VCPU']?.capacity ?? 0), 0);

const group = (policy: InstanceGroup['policy'], over: Partial<InstanceGroup> = {}): RequestSpec =>
  requestSpec({
    instance_group: { uuid: 'g', name: 'g', project_id: 'p', user_id: 'u', policy, rules: {}, members: [], hosts: [], ...over },
  });

describe('a run', () => {
  it('never takes more of a host than it has, and leaves nobody out while there is room', () => {
    fc.assert(
      fc.property(hosts, counts, (states, count) => {
        const run = begin(states);
        expect(takeAll(run, count)).toHaveLength(Math.min(capacity(states), count));
        for (const { resources } of run.hosts())
          expect(resources['VCPU']?.used).toBeLessThanOrEqual(resources['VCPU']?.capacity ?? 0);
      }),
    );
  });

  it('shares a ranking with another: they on one ranking take no more than there is, and what is put back is there again', () => {
    fc.assert(
      fc.property(hosts, counts, (states, count) => {
        const ranking = rank(states);
        const [one, other] = [begin(states, requestSpec(), ranking), begin(states, requestSpec(), ranking)];
        const taken = takeAll(one, count);
        expect(taken.length + takeAll(other, 99).length).toBe(capacity(states));
        for (const host of taken) one.putBack(host);
        expect(takeAll(other, 99)).toHaveLength(taken.length);
      }),
    );
  });

  it('keeps hosts in the order of their weights', () => {
    fc.assert(
      fc.property(hosts, counts, (states, count) => {
        const ranking = rank(states);
        const run = begin(states, requestSpec(), ranking);
        for (let n = 0; n < count; n++) {
          run.take();
          const weights = [...ranking.best()].map((entry) => entry.weight);
          expect(weights).toEqual([...weights].sort((a, b) => b - a));
        }
      }),
    );
  });

  it('weighs what was taken anew, and nothing else', () => {
    const states = ['a', 'b', 'c', 'd'].map((name) => hostState(name));
    const ranking = rank(states);
    const run = begin(states, requestSpec(), ranking);
    run.take();
    const before = [...ranking.best()];
    const taken = run.take();
    const kept = [...ranking.best()].filter((entry) => entry.host.facts.host !== taken?.facts.host);
    expect(kept).toHaveLength(3);
    for (const entry of kept) expect(before).toContain(entry);
  });

  it('never puts more members of an anti-affinity group on a host than allowed, and forgets those that were lost', () => {
    fc.assert(
      fc.property(hosts, counts, fc.integer({ min: 1, max: 3 }), (states, count, max_server_per_host) => {
        const spec = group('anti-affinity', { rules: { max_server_per_host } });
        const taken = names(takeAll(begin(states, spec), count));
        for (const host of taken) expect(taken.filter((other) => other === host).length).toBeLessThanOrEqual(max_server_per_host);
      }),
    );
  });

  it('keeps all members of an affinity group that are asked for together on one host', () => {
    fc.assert(
      fc.property(hosts, counts, (states, count) => {
        expect(new Set(names(takeAll(begin(states, group('affinity')), count))).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is free to choose again for an affinity group whose only host was lost', () => {
    const run = begin(
      ['a', 'b'].map((name) => hostState(name)),
      group('affinity'),
    );
    const first = run.take() as HostState;
    run.lost(first);
    expect(run.take()?.facts.host).not.toBe(first.facts.host);
  });

  it('shares evenly for soft anti-affinity', () => {
    const ranking = rank([hostState('a', { vcpus: 9 }), hostState('b', { vcpus: 9 })]);
    const spec = group('soft-anti-affinity');
    const taken = names(takeAll(begin([], spec, ranking.fork(spec, facts())), 6));
    expect(taken.filter((host) => host === 'a')).toHaveLength(3);
    expect([...ranking.best()].map(({ host }) => host.taken)).toEqual([3, 3]);
  });

  it('offers alternates of the same cell only, never the selected host', () => {
    fc.assert(
      fc.property(hosts, (states) => {
        const run = begin(states);
        const selected = run.take();
        if (selected === undefined) return;
        const others = run.alternates(selected, 2);
        expect(others.length).toBeLessThanOrEqual(2);
        for (const other of others) {
          expect(other.facts.cellUuid).toBe(selected.facts.cellUuid);
          expect(other.facts.host).not.toBe(selected.facts.host);
        }
      }),
    );
  });

  it('spreads over equal hosts', () => {
    expect(new Set(names(takeAll(begin(['a', 'b', 'c', 'd'].map((name) => hostState(name))), 4))).size).toBe(4);
  });

  it('says of each host why it takes no more', () => {
    const run = begin([hostState('a', { vcpus: 1 }), hostState('b')], group('anti-affinity'));
    takeAll(run, 2);
    expect(
      run
        .refusals()
        .map(({ host, rule }) => [host, rule])
        .sort(),
    ).toEqual([
      ['a', 'room'],
      ['b', 'ServerGroupAntiAffinityFilter'],
    ]);
  });
});
