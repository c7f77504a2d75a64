import { describe, expect, it } from 'vitest';
import { ProviderTree, wholeInventory } from './provider-tree.js';

describe('the tree that a driver changes', () => {
  it('has a root, and children below what is there', () => {
    const tree = new ProviderTree('node');
    tree.child('numa0');
    tree.child('gpu0', 'numa0');
    tree.child('gpu0', 'numa0');
    expect(tree.reports().map(({ name, parent }) => [name, parent])).toEqual([
      ['node', null],
      ['numa0', 'node'],
      ['gpu0', 'numa0'],
    ]);
    expect(() => tree.child('gpu0')).toThrow(/below numa0, not below node/);
    expect(() => tree.child('gpu1', 'numa7')).toThrow(/no parent numa7/);
  });

  it('loses a provider with all below it, and never its root', () => {
    const tree = new ProviderTree('node');
    for (const [name, parent] of [['numa0'], ['gpu0', 'numa0'], ['numa1']] as const) tree.child(name, parent);
    tree.keepOnly(['numa1']);
    expect(tree.names()).toEqual(['node', 'numa1']);
    expect(() => tree.remove('node')).toThrow(/root/);
  });

  it('starts as what was made before, and shows what others gave', () => {
    const before = { name: 'node', parent: null, inventories: { VCPU: wholeInventory(4) }, traits: ['A'] };
    const tree = new ProviderTree('node', [before], { node: ['VCPU', 'VGPU'] });
    expect([tree.isSeen('node', 'VGPU'), tree.isSeen('node', 'PCPU')]).toEqual([true, false]);
    expect(tree.reports()).toEqual([before]);
    tree.withdraw('node', 'VGPU');
    tree.setInventories('node', { PCPU: wholeInventory(2) });
    expect(tree.reports()).toEqual([{ ...before, inventories: { PCPU: wholeInventory(2) }, withdrawn: ['VGPU'] }]);
    expect(before.inventories).toEqual({ VCPU: wholeInventory(4) });
  });

  it('has shared providers beside it, with aggregates', () => {
    const tree = new ProviderTree('node');
    tree.shared('pool');
    for (const name of ['node', 'pool']) tree.setAggregates(name, ['aggregate']);
    expect(tree.reports()).toMatchObject([
      { name: 'node', aggregates: ['aggregate'] },
      { name: 'pool', parent: null, isShared: true, aggregates: ['aggregate'] },
    ]);
    expect(() => tree.setTraits('nobody', [])).toThrow(/no provider nobody/);
  });
});
