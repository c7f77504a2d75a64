import { describe, expect, it } from 'vitest';
import { filterProviders, type ProviderFilters } from './filter-providers.js';
import { WorldBuilder } from './spec-support/world-builder.js';

const builder = new WorldBuilder({
  cn1: {
    inventories: { VCPU: { total: 8, used: 6 }, DISK_GB: { total: 100, stepSize: 10 } },
    traits: ['SSD', 'AVX'],
    aggregates: ['aggA'],
  },
  numa1: { parent: 'cn1', inventories: { VCPU: 8 }, aggregates: ['aggB'] },
  cn2: { inventories: { VCPU: 4 }, traits: ['SSD'], aggregates: ['aggA', 'aggB'] },
  bare: {},
});
const { world } = builder;
const VCPU = builder.classId('VCPU');
const DISK = builder.classId('DISK_GB');
const SSD = builder.trait('SSD');
const AVX = builder.trait('AVX');

const cases: [string, ProviderFilters, string[]][] = [
  ['everything', {}, ['cn1', 'numa1', 'cn2', 'bare']],
  ['a name', { name: 'cn2' }, ['cn2']],
  ['an unknown name', { name: 'cn9' }, []],
  ['a uuid', { uuid: 'numa1' }, ['numa1']],
  ['a uuid outside the tree', { uuid: 'cn2', inTree: 'numa1' }, []],
  ['a tree by any member', { inTree: 'numa1' }, ['cn1', 'numa1']],
  ['an unknown tree', { inTree: 'cn9' }, []],
  ['resources that are left', { resources: new Map([[VCPU, 3]]) }, ['numa1', 'cn2']],
  [
    'resources of each class on the provider itself',
    {
      resources: new Map([
        [VCPU, 2],
        [DISK, 10],
      ]),
    },
    ['cn1'],
  ],
  ['an amount off the step', { resources: new Map([[DISK, 15]]) }, []],
  ['a trait', { required: [[SSD]] }, ['cn1', 'cn2']],
  ['any trait of a set, and all sets', { required: [[SSD, AVX], [AVX]] }, ['cn1']],
  ['a forbidden trait', { forbidden: [AVX] }, ['numa1', 'cn2', 'bare']],
  ['an aggregate, without spanning', { memberOf: [['aggB']] }, ['numa1', 'cn2']],
  ['aggregates ANDed', { memberOf: [['aggA'], ['aggB', 'unknown']] }, ['cn2']],
  ['an unknown aggregate', { memberOf: [['unknown']] }, []],
  ['forbidden aggregates, unknown ones aside', { forbiddenAggregates: ['aggA', 'unknown'] }, ['numa1', 'bare']],
];

describe('filterProviders', () => {
  it.each(cases)('by %s', (_, filters, names) => {
    expect(filterProviders(world, filters).map((index) => world.providers.name[index])).toEqual(names);
  });
});
