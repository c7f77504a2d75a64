import { createHash } from 'node:crypto';
import {
  type InventoryReport,
  type ProviderTree,
  ReshapeNeeded,
  type TreeAllocations,
  wholeInventory,
} from '../provider-tree.js';
import { type NodeFacts, nodeInventories } from '../virt-driver.port.js';
import type { FakeCard, FakeGpu, FakeHardware } from './fake-hardware.js';

const VGPU = 'VGPU';
const CPU_CLASSES = ['VCPU', 'MEMORY_MB'];

const childName = (node: string, part: string): string => `${node}_${part}`;
const cellName = (node: string, cell: number): string => childName(node, `numa${cell}`);
const sum = (gpus: readonly FakeGpu[]): number => gpus.reduce((total, { vgpus }) => total + vgpus, 0);

/** The provider tree of a simulated node. */
export class FakeTree {
  constructor(
    private readonly tree: ProviderTree,
    private readonly facts: NodeFacts,
    private readonly hardware: FakeHardware,
  ) {}

  /** @throws ReshapeNeeded when parts of graphics cards are counted at the node that belong to the cards by now */
  update(allocations?: TreeAllocations): void {
    const { root } = this.tree;
    const { gpus = [], gpuLayout = 'nested', cards = [] } = this.hardware;
    const isNested = gpuLayout === 'nested' && gpus.length > 0;
    const moves = isNested && this.tree.isSeen(root, VGPU);
    if (moves && allocations === undefined) throw new ReshapeNeeded(root);
    const children = [
      ...this.#cells(),
      ...(isNested ? gpus.map((gpu) => this.#card(gpu, VGPU, gpu.vgpus)) : []),
      ...cards.map((card) => this.#card(card, card.resourceClass, card.devices)),
    ];
    this.tree.keepOnly([...children, ...this.#shared()]);
    if (moves) {
      this.tree.withdraw(root, VGPU);
      for (const held of allocations?.values() ?? []) moveVgpus(held, root, gpus, allocations ?? new Map());
    }
    this.tree.setInventories(root, this.#ofRoot(isNested ? 0 : sum(gpus)));
  }

  #ofRoot(vgpus: number): Readonly<Record<string, InventoryReport>> {
    const own = Object.entries(nodeInventories(this.facts)).filter(
      ([name]) =>
        !((this.hardware.numaCells ?? 0) > 0 && CPU_CLASSES.includes(name)) &&
        !(this.hardware.sharedDisk !== undefined && name === 'DISK_GB'),
    );
    return { ...Object.fromEntries(own), ...(vgpus > 0 ? { [VGPU]: wholeInventory(vgpus) } : {}) };
  }

  #cells(): readonly string[] {
    const count = this.hardware.numaCells ?? 0;
    return Array.from({ length: count }, (_, cell) => {
      const name = cellName(this.tree.root, cell);
      const part = (total: number): number => Math.floor(total / count) + (cell < total % count ? 1 : 0);
      this.tree.child(name);
      const { vcpus, memory_mb } = this.facts;
      this.tree.setInventories(
        name,
        nodeInventories({ ...this.facts, hardware: undefined, vcpus: part(vcpus), memory_mb: part(memory_mb), local_gb: 0 }),
      );
      this.tree.setTraits(name, ['HW_NUMA_ROOT']);
      return name;
    });
  }

  #card({ name, numaCell, traits = [] }: FakeGpu | FakeCard, resourceClass: string, total: number): string {
    const provider = childName(this.tree.root, name);
    this.tree.child(provider, numaCell === undefined ? this.tree.root : cellName(this.tree.root, numaCell));
    this.tree.setInventories(provider, { [resourceClass]: wholeInventory(total) });
    this.tree.setTraits(provider, traits);
    return provider;
  }

  #shared(): readonly string[] {
    const { sharedDisk } = this.hardware;
    this.tree.setAggregates(this.tree.root, sharedDisk === undefined ? [] : [sharedDisk.aggregate]);
    if (sharedDisk === undefined) return [];
    this.tree.shared(sharedDisk.name);
    this.tree.setInventories(sharedDisk.name, { DISK_GB: wholeInventory(sharedDisk.totalGb) });
    this.tree.setTraits(sharedDisk.name, ['MISC_SHARES_VIA_AGGREGATE']);
    this.tree.setAggregates(sharedDisk.name, [sharedDisk.aggregate]);
    return [sharedDisk.name];
  }
}

/** What a server holds of the node goes to cards with room, to as few of them as will do. */
function moveVgpus(
  held: Record<string, Record<string, number>>,
  root: string,
  gpus: readonly FakeGpu[],
  all: TreeAllocations,
): void {
  let left = held[root]?.[VGPU] ?? 0;
  if (left === 0) return;
  const { [VGPU]: _moved, ...rest } = held[root] ?? {};
  if (Object.keys(rest).length === 0) delete held[root];
  else held[root] = rest;
  const free = (gpu: FakeGpu): number => {
    const name = childName(root, gpu.name);
    return gpu.vgpus - [...all.values()].reduce((used, other) => used + (other[name]?.[VGPU] ?? 0), 0);
  };
  for (const gpu of [...gpus].sort((a, b) => free(b) - free(a))) {
    const taken = Math.min(left, free(gpu));
    if (taken <= 0) continue;
    const name = childName(root, gpu.name);
    held[name] = { ...held[name], [VGPU]: (held[name]?.[VGPU] ?? 0) + taken };
    left -= taken;
  }
  if (left > 0) throw new Error(`The cards of ${root} have no room for ${left} VGPU that servers hold of it.`);
}

/** An identity that a hypervisor would give to a mediated device: the same at every start. */
function deviceUuid(name: string): string {
  const hash = createHash('sha1').update(name).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** The devices behind a class of a provider of a simulated node; parts of cards that are counted at the node are any card's. */
export function fakeDevices(
  { gpus = [], gpuLayout = 'nested', cards = [] }: FakeHardware,
  node: string,
  provider: string,
  resourceClass: string,
): readonly string[] {
  const numbered = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => deviceUuid(`${childName(node, name)}/${index}`));
  if (resourceClass === VGPU)
    return gpus
      .filter((gpu) => provider === (gpuLayout === 'flat' ? node : childName(node, gpu.name)))
      .flatMap((gpu) => numbered(gpu.name, gpu.vgpus));
  return cards
    .filter((card) => card.resourceClass === resourceClass && provider === childName(node, card.name))
    .flatMap((card) => numbered(card.name, card.devices));
}
