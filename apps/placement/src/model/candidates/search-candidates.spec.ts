import { describe, expect, it } from 'vitest';
import { SHARING_TRAIT } from '../world/index.js';
import type { CandidateQuery, RequestGroup } from './query.js';
import { searchCandidates, searchSteps } from './search-candidates.js';
import { showRequests } from './spec-support/show-requests.js';
import { type GroupSketch, type ProviderSketch, WorldBuilder } from './spec-support/world-builder.js';

type Groups = Record<string, [Record<string, number>, GroupSketch?]>;
type Wide = Omit<CandidateQuery, 'groups' | 'rootRequired'> & { rootRequired?: string[]; nestedAware?: boolean };

/** The answer as text, for groups by suffix over sketched providers. */
function ask(
  sketches: Record<string, ProviderSketch>,
  groups: Groups,
  { nestedAware = true, rootRequired, ...wide }: Wide = {},
): string[] {
  const builder = new WorldBuilder(sketches);
  const asked = Object.entries(groups).map(([suffix, [resources, more]]): [string, RequestGroup] => [
    suffix,
    builder.group(resources, more),
  ]);
  const query = { ...wide, groups: new Map(asked), rootRequired: rootRequired?.map((name) => builder.trait(name)) };
  return showRequests(builder.world, searchCandidates(builder.world, query, { nestedAware }).requests);
}

const VMD = { VCPU: 1, MEMORY_MB: 512, DISK_GB: 500 };
const host = { VCPU: 8, MEMORY_MB: 1024, DISK_GB: 1000 };
const shared = (...aggregates: string[]): ProviderSketch => ({
  inventories: { DISK_GB: 1000 },
  traits: [SHARING_TRAIT],
  aggregates,
});

describe('searchCandidates without suffixes', () => {
  it('offers own disk, and shared disk where an aggregate leads to it', () => {
    const cloud = {
      cn1: { inventories: host, aggregates: ['aggA'] },
      cn2: { inventories: host },
      ss1: shared('aggA'),
      ss2: shared(),
    };
    expect(ask(cloud, { '': [VMD] })).toEqual([
      'cn1[DISK_GB:500 MEMORY_MB:512 VCPU:1] / =cn1',
      'cn1[MEMORY_MB:512 VCPU:1] ss1[DISK_GB:500] / =cn1,ss1',
      'cn2[DISK_GB:500 MEMORY_MB:512 VCPU:1] / =cn2',
    ]);
  });

  const numaCloud = {
    cn1: { inventories: { MEMORY_MB: 1024, DISK_GB: 1000 }, aggregates: ['aggA', 'aggB'] },
    numa1_1: { parent: 'cn1', inventories: { VCPU: 8 } },
    numa1_2: { parent: 'cn1', inventories: { VCPU: 8 } },
    cn2: { inventories: { MEMORY_MB: 1024, DISK_GB: 1000 }, aggregates: ['aggA'] },
    numa2_1: { parent: 'cn2', inventories: { VCPU: 8 }, aggregates: ['aggB'] },
    numa2_2: { parent: 'cn2', inventories: { VCPU: 8 } },
    ss1: shared('aggA'),
  };

  it('combines providers of a tree', () => {
    const found = ask(numaCloud, { '': [VMD] });
    expect(found).toHaveLength(8);
    expect(found).toContain('cn2[MEMORY_MB:512] numa2_2[VCPU:1] ss1[DISK_GB:500] / =cn2,numa2_2,ss1');
  });

  it('lets the aggregates of a root span its tree, but not those of a child, nor those of the root its sharing providers', () => {
    expect(ask(numaCloud, { '': [VMD, { memberOf: [['aggB']] }] })).toEqual([
      'cn1[DISK_GB:500 MEMORY_MB:512] numa1_1[VCPU:1] / =cn1,numa1_1',
      'cn1[DISK_GB:500 MEMORY_MB:512] numa1_2[VCPU:1] / =cn1,numa1_2',
    ]);
  });

  it('gives callers that know no nesting no two providers of one tree', () => {
    expect(ask(numaCloud, { '': [VMD] }, { nestedAware: false })).toEqual([]);
    expect(ask(numaCloud, { '': [{ VCPU: 1 }] }, { nestedAware: false })).toHaveLength(4);
  });
});

describe('searchCandidates with traits on devices', () => {
  const cloud = {
    cn1: { inventories: host },
    nic1: { parent: 'cn1', inventories: { VF: 8 }, traits: ['SSL'] },
    nic2: { parent: 'cn1', inventories: { VF: 8 } },
  };
  const wanted = { ...VMD, VF: 2 };

  it.each([
    ['any', {}, ['nic1', 'nic2']],
    ['required', { required: [['SSL']] }, ['nic1']],
    ['forbidden', { forbidden: ['SSL'] }, ['nic2']],
  ])('%s', (_, more, nics) => {
    expect(ask(cloud, { '': [wanted, more] })).toEqual(
      nics.map((nic) => `cn1[DISK_GB:500 MEMORY_MB:512 VCPU:1] ${nic}[VF:2] / =cn1,${nic}`),
    );
  });

  const pair: Groups = { 1: [{ VF: 1 }, { required: [['SSL']] }], 2: [{ VF: 1 }] };

  it('isolates suffixed groups from each other', () => {
    expect(ask(cloud, pair, { groupPolicy: 'isolate' })).toEqual(['nic1[VF:1] nic2[VF:1] / 1=nic1 2=nic2']);
  });

  it('sums amounts on one provider where groups may meet', () => {
    expect(ask(cloud, pair, { groupPolicy: 'none' })).toEqual([
      'nic1[VF:1] nic2[VF:1] / 1=nic1 2=nic2',
      'nic1[VF:2] / 1=nic1 2=nic1',
    ]);
  });
});

describe('searchCandidates confined to trees', () => {
  const cloud = {
    cn1: { inventories: { DISK_GB: 1000 }, aggregates: ['aggA'] },
    numa1_1: { parent: 'cn1', inventories: { VCPU: 8 } },
    numa1_2: { parent: 'cn1', inventories: { VCPU: 8 } },
    cn2: { inventories: { DISK_GB: 1000 }, aggregates: ['aggA'] },
    numa2_1: { parent: 'cn2', inventories: { VCPU: 8 } },
    numa2_2: { parent: 'cn2', inventories: { VCPU: 8 } },
    ss1: shared('aggA'),
    ss2: shared('aggA'),
  };

  it.each(['cn1', 'numa1_1'])('in_tree=%s keeps the group within the tree, whichever member names it', (inTree) => {
    expect(ask(cloud, { '': [{ VCPU: 1, DISK_GB: 50 }, { inTree }] })).toEqual([
      'cn1[DISK_GB:50] numa1_1[VCPU:1] / =cn1,numa1_1',
      'cn1[DISK_GB:50] numa1_2[VCPU:1] / =cn1,numa1_2',
    ]);
  });

  it('confines only the group that names the tree', () => {
    const found = ask(cloud, { '': [{ VCPU: 1 }, { inTree: 'cn1' }], 1: [{ DISK_GB: 10 }] });
    expect(found).toHaveLength(6);
    expect(found.filter((request) => request.includes('ss2[DISK_GB:10]'))).toHaveLength(2);
  });

  it('takes a sharing provider as the tree of a suffixed group', () => {
    expect(ask(cloud, { '': [{ VCPU: 1 }], 1: [{ DISK_GB: 10 }, { inTree: 'ss1' }] })).toHaveLength(4);
  });

  it('finds nothing in an unknown tree', () => {
    expect(ask(cloud, { '': [{ VCPU: 1 }, { inTree: 'nowhere' }] })).toEqual([]);
  });
});

describe('searchCandidates with root_required', () => {
  it('asks the trait of the root alone', () => {
    const cloud = {
      flat: { inventories: host, traits: ['AVX2', 'MULTI_ATTACH'] },
      numa: { inventories: { DISK_GB: 1000 }, traits: ['MULTI_ATTACH'] },
      numa1: { parent: 'numa', inventories: { VCPU: 8, MEMORY_MB: 1024 } },
      numa2: { parent: 'numa', inventories: { VCPU: 8, MEMORY_MB: 1024 }, traits: ['AVX2'] },
    };
    const groups: Groups = { 1: [{ VCPU: 1, MEMORY_MB: 512 }, { required: [['AVX2']] }], 2: [{ DISK_GB: 100 }] };
    expect(ask(cloud, groups, { groupPolicy: 'none', rootRequired: ['MULTI_ATTACH'] })).toEqual([
      'flat[DISK_GB:100 MEMORY_MB:512 VCPU:1] / 1=flat 2=flat',
      'numa2[MEMORY_MB:512 VCPU:1] numa[DISK_GB:100] / 1=numa2 2=numa',
    ]);
  });
});

describe('the work of a search', () => {
  const wide = (count: number): WorldBuilder => {
    const builder = new WorldBuilder();
    for (let h = 0; h < count; h += 1) {
      builder.add(`cn${h}`, { inventories: { VCPU: 8 } });
      for (let n = 0; n < 8; n += 1) builder.add(`pf${h}_${n}`, { parent: `cn${h}`, inventories: { VF: 8 } });
    }
    return builder;
  };
  const eightPorts = (builder: WorldBuilder, limit?: number): CandidateQuery => ({
    groups: new Map(Array.from({ length: 8 }, (_, port) => [`_${port}`, builder.group({ VF: 1 })])),
    groupPolicy: 'isolate',
    limit,
  });

  it('is bounded by the limit, not by the product of the choices', () => {
    const builder = wide(20);
    const { requests, steps, outcome } = searchCandidates(builder.world, eightPorts(builder, 50), { nestedAware: true });
    expect(requests).toHaveLength(50);
    expect(outcome).toBe('limited');
    expect(steps).toBeLessThan(2000);
  });

  it('ends with what was found when the budget is spent, and says so', () => {
    const builder = wide(1);
    const { requests, outcome } = searchCandidates(builder.world, eightPorts(builder), { nestedAware: true, maxSteps: 5000 });
    expect(outcome).toBe('budget-exhausted');
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.length).toBeLessThan(40_320);
  });

  it('sees at once that nine ports do not fit on eight devices', () => {
    const builder = wide(3);
    const query = eightPorts(builder);
    const nine = { ...query, groups: new Map([...query.groups, ['_8', builder.group({ VF: 1 })]]) };
    expect(searchCandidates(builder.world, nine, { nestedAware: true })).toMatchObject({ requests: [], outcome: 'complete' });
  });

  it('goes breadth first over trees when asked to', () => {
    const builder = wide(3);
    const { requests } = searchCandidates(builder.world, eightPorts(builder, 3), {
      nestedAware: true,
      strategy: 'breadth-first',
    });
    const { rootId } = builder.world.providers;
    expect(new Set(requests.map(({ allocations }) => rootId[allocations[0]!.provider])).size).toBe(3);
  });

  it('survives changes of the world between slices and leaves out what is gone', () => {
    const builder = wide(10);
    const { world } = builder;
    const steps = searchSteps(
      world,
      { groups: new Map([['', builder.group({ VCPU: 1 })]]) },
      { nestedAware: true, sliceSteps: 4 },
    );
    expect(steps.next().done).toBe(false);
    const first = world.providers.indexOfUuid('cn0')!;
    world.removeProvider(world.providers.rowId[first]!);
    builder.add('late', { inventories: { VCPU: 8 } });
    let turn = steps.next();
    while (turn.done !== true) turn = steps.next();
    const names = turn.value.requests.map(({ allocations }) => world.providers.name[allocations[0]!.provider]);
    expect(names).toEqual(Array.from({ length: 9 }, (_, h) => `cn${h + 1}`));
  });
});

describe('summaries', () => {
  const cloud = {
    cn1: {},
    numa1: { parent: 'cn1', inventories: { VCPU: 8 } },
    numa2: { parent: 'cn1', inventories: { VCPU: 8 } },
    cn2: { inventories: { VCPU: 8 } },
  };
  it.each([
    [true, ['cn1', 'numa1', 'numa2']],
    [false, ['numa1']],
  ])('nested-aware %s: with a limit of 1', (nestedAware, names) => {
    const builder = new WorldBuilder(cloud);
    const query = { groups: new Map([['', builder.group({ VCPU: 1 })]]), limit: 1 };
    const { summaries } = searchCandidates(builder.world, query, { nestedAware });
    expect(summaries.map((index) => builder.world.providers.name[index])).toEqual(names);
  });
});
