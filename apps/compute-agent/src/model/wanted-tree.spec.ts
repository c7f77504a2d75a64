import type { Inventory, TreeProvider } from '@kilonova/placement-client';
import type { ProviderReport } from '@kilonova/virt';
import { describe, expect, it } from 'vitest';
import { wantedTree } from './wanted-tree.js';
import { bothWritten, type WrittenTree, writtenBy } from './written-tree.js';

const inventory = (total: number, given: Partial<Inventory> = {}): Inventory => ({
  total,
  reserved: 0,
  min_unit: 1,
  max_unit: total,
  step_size: 1,
  allocation_ratio: 1,
  ...given,
});

const report = (name: string, given: Partial<ProviderReport> = {}): ProviderReport => ({
  name,
  parent: null,
  inventories: { VCPU: inventory(4) },
  traits: ['COMPUTE_NODE'],
  ...given,
});

const present = (name: string, given: Partial<TreeProvider> = {}): TreeProvider => ({
  uuid: `uuid-${name}`,
  name,
  parent: name === 'node' ? null : 'uuid-node',
  generation: 3,
  inventories: { VCPU: inventory(4) },
  traits: new Set(['COMPUTE_NODE', 'OWNER_NOVA']),
  ...given,
});

const want = (tree: readonly TreeProvider[], reports: readonly ProviderReport[], written: WrittenTree = {}) =>
  new Map(
    wantedTree({ node: 'node', nodeUuid: 'uuid-node', present: tree, written }, reports, () => 'new').map((provider) => [
      provider.name,
      provider,
    ]),
  );

describe('the tree that an agent wants', () => {
  it('is what it reports, where placement has nothing', () => {
    const tree = want([], [report('node'), report('numa0', { parent: 'node' })]);
    expect(tree.get('node')).toMatchObject({ uuid: 'uuid-node', parent: null, generation: undefined });
    expect(tree.get('numa0')).toMatchObject({ uuid: 'new', parent: 'uuid-node', inventories: { VCPU: { total: 4 } } });
    expect(tree.get('numa0')?.traits).toContain('OWNER_NOVA');
  });

  it('keeps the children of others, with all that is theirs', () => {
    const nic = present('nic', {
      traits: new Set(['CUSTOM_PHYSNET_A']),
      inventories: { NET_BW_EGR_KILOBIT_PER_SEC: inventory(1000) },
    });
    const nested = present('port', { parent: 'uuid-nic', traits: new Set() });
    const tree = want([present('node'), nic, nested], [report('node')]);
    expect([tree.get('nic'), tree.get('port')]).toEqual([nic, nested]);
  });

  it('loses its own children that it reports no more, known by memory or by the owner trait', () => {
    const remembered = present('numa0', { traits: new Set() });
    const marked = present('numa1', { traits: new Set(['OWNER_NOVA']) });
    const tree = want([present('node'), remembered, marked], [report('node')], { numa0: { classes: ['VCPU'], traits: [] } });
    expect([...tree.keys()]).toEqual(['node']);
  });

  it('keeps inventory that an operator gave, and drops only classes that it wrote itself', () => {
    const inventories = { VCPU: inventory(4), PCPU: inventory(2), CUSTOM_LICENSE: inventory(9), VGPU: inventory(1) };
    const tree = want([present('node', { inventories })], [report('node')], { node: { classes: ['VCPU', 'PCPU'], traits: [] } });
    expect(tree.get('node')?.inventories).toEqual({ VCPU: inventory(4), CUSTOM_LICENSE: inventory(9), VGPU: inventory(1) });
  });

  it('keeps an operator’s ratio where it has none of its own', () => {
    const tree = want(
      [
        present('node', {
          inventories: { VGPU: inventory(1, { allocation_ratio: 4 }), VCPU: inventory(4, { allocation_ratio: 9 }) },
        }),
      ],
      [
        report('node', {
          inventories: { VGPU: { ...inventory(2), allocation_ratio: undefined }, VCPU: inventory(4, { allocation_ratio: 2 }) },
        }),
      ],
      { node: { classes: ['VGPU', 'VCPU'], traits: [] } },
    );
    expect(tree.get('node')?.inventories).toMatchObject({
      VGPU: { total: 2, allocation_ratio: 4 },
      VCPU: { allocation_ratio: 2 },
    });
  });

  it('keeps traits of others, and takes off its own that hold no more', () => {
    const traits = new Set([
      'CUSTOM_RACK_7',
      'COMPUTE_STATUS_DISABLED',
      'HW_CPU_X86_AVX',
      'HW_CPU_X86_SGX',
      'COMPUTE_ACCELERATORS',
    ]);
    const tree = want([present('node', { traits })], [report('node')], { node: { classes: [], traits: ['HW_CPU_X86_AVX'] } });
    expect(tree.get('node')?.traits).toEqual(new Set(['CUSTOM_RACK_7', 'HW_CPU_X86_SGX', 'COMPUTE_NODE', 'OWNER_NOVA']));
  });

  it('S2-18: keeps a trait that an operator added by hand, of whatever kind', () => {
    const traits = new Set(['COMPUTE_GRAPHICS_MODEL_VGA', 'COMPUTE_RESCUE_BFV']);
    const tree = want([present('node', { traits })], [report('node', { traits: ['COMPUTE_NODE'] })]);
    expect(tree.get('node')?.traits).toEqual(new Set(['COMPUTE_GRAPHICS_MODEL_VGA', 'COMPUTE_NODE', 'OWNER_NOVA']));
  });

  it('takes a class away that the driver withdraws, remembered or not', () => {
    const inventories = { VCPU: inventory(4), VGPU: inventory(1) };
    const tree = want([present('node', { inventories })], [report('node', { withdrawn: ['VGPU'] })]);
    expect(Object.keys(tree.get('node')?.inventories ?? {})).toEqual(['VCPU']);
  });

  it('knows its root by uuid, whatever an operator called it', () => {
    const tree = wantedTree(
      { node: 'node', nodeUuid: 'uuid-node', present: [present('renamed', { uuid: 'uuid-node', parent: null })], written: {} },
      [report('node')],
      () => 'new',
    );
    expect(tree).toMatchObject([{ uuid: 'uuid-node', generation: 3 }]);
  });
});

describe('what an agent remembers', () => {
  it('is what it reports, and while it writes also what it wrote before', () => {
    const written = writtenBy([report('node')]);
    expect(written).toEqual({ node: { classes: ['VCPU'], traits: ['COMPUTE_NODE'] } });
    expect(bothWritten(written, { node: { classes: ['PCPU'], traits: [] }, numa0: { classes: [], traits: ['T'] } })).toEqual({
      node: { classes: ['VCPU', 'PCPU'], traits: ['COMPUTE_NODE'] },
      numa0: { classes: [], traits: ['T'] },
    });
  });
});
