import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { facts, hostState, requestSpec } from '../testing/builders.js';
import { FILTERS } from './filters/index.js';
import { alternates, planRun, type RunRules } from './plan-run.js';
import { WEIGHERS } from './weighers/index.js';

const rules: RunRules = { filters: FILTERS, weighers: WEIGHERS, multipliers: {}, hostSubsetSize: 1, random: () => 0 };

const hosts = fc
  .array(fc.record({ vcpus: fc.integer({ min: 0, max: 6 }), cell: fc.constantFrom('cell1', 'cell2') }), {
    minLength: 0,
    maxLength: 6,
  })
  .map((list) => list.map((over, index) => hostState(`h${index}`, over)));

const instances = fc.integer({ min: 1, max: 12 }).map((n) => Array.from({ length: n }, (_, i) => `i${i}`));

describe('a plan', () => {
  it('never takes more of a host than it has, and leaves nobody out while there is room', () => {
    fc.assert(
      fc.property(hosts, instances, (states, uuids) => {
        const plan = planRun(states, uuids, requestSpec(), rules, facts());
        for (const state of plan.hosts) {
          const use = state.resources['VCPU'];
          expect(use === undefined || use.used <= use.capacity).toBe(true);
        }
        const room = states.reduce((sum, state) => sum + (state.resources['VCPU']?.capacity ?? 0), 0);
        expect(plan.placed.length).toBe(Math.min(room, uuids.length));
        expect(plan.placed.length + plan.unplaced.length).toBe(uuids.length);
      }),
    );
  });

  it('never puts more members of an anti-affinity group on a host than allowed', () => {
    const limit = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(hosts, instances, limit, (states, uuids, max_server_per_host) => {
        const group = {
          uuid: 'g',
          name: 'g',
          project_id: 'p',
          user_id: 'u',
          policy: 'anti-affinity' as const,
          rules: { max_server_per_host },
          members: [],
          hosts: [],
        };
        const plan = planRun(states, uuids, requestSpec({ instance_group: group }), rules, facts());
        expect(plan.hosts.every((state) => state.placedInRun.length <= max_server_per_host)).toBe(true);
      }),
    );
  });

  it('keeps all members of an affinity group that are asked for together on one host', () => {
    const group = {
      uuid: 'g',
      name: 'g',
      project_id: 'p',
      user_id: 'u',
      policy: 'affinity' as const,
      rules: {},
      members: [],
      hosts: [],
    };
    fc.assert(
      fc.property(hosts, instances, (states, uuids) => {
        const plan = planRun(states, uuids, requestSpec({ instance_group: group }), rules, facts());
        expect(new Set(plan.placed.map((placed) => placed.host.facts.host)).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('offers alternates of the same cell only, never the selected host', () => {
    fc.assert(
      fc.property(hosts, (states) => {
        const plan = planRun(states, ['i'], requestSpec(), rules, facts());
        const selected = plan.placed[0]?.host;
        if (selected === undefined) return;
        const others = alternates(plan.hosts, selected, requestSpec(), rules, facts(), 2);
        expect(others.length).toBeLessThanOrEqual(2);
        expect(
          others.every((other) => other.facts.cellUuid === selected.facts.cellUuid && other.facts.host !== selected.facts.host),
        ).toBe(true);
      }),
    );
  });

  it('spreads over equal hosts', () => {
    const plan = planRun(
      ['a', 'b', 'c', 'd'].map((name) => hostState(name)),
      ['1', '2', '3', '4'],
      requestSpec(),
      rules,
      facts(),
    );
    expect(new Set(plan.placed.map((placed) => placed.host.facts.host)).size).toBe(4);
  });
});
