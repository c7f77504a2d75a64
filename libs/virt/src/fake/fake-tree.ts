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
const CELL_CLASSES = ['VCPU', 'PCPU', 'MEMORY_MB'];

const childName = (node: string, part: string): string => `${node}_${part}`;
const cellName = (node: string, cell: number): string => childName(node, `numa${cell}`);
const sum = (gpus: readonly FakeGpu[]): number => gpus.reduce((total, { vgpus }) => total + vgpus, 0);

/** The provider tree of a simulated node. */
export class FakeTree {
  constructor(
    private readonly tree: ProviderTree,
    private readonly facts: NodeFacts,
    private readonly hardware: FakeHardware,
    private readonly devicesOf: (guest: string) => readonly string[],
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
      new VgpuMove(root, gpus, allocations ?? new Map(), this.devicesOf).run();
    }
    this.tree.setInventories(root, this.#ofRoot(isNested ? 0 : sum(gpus)));
  }

  #ofRoot(vgpus: number): Readonly<Record<string, InventoryReport>> {
    const own = Object.entries(nodeInventories(this.facts)).filter(
      ([name]) =>
        !((this.hardware.numaCells ?? 0) > 0 && CELL_CLASSES.includes(name)) &&
        !(this.hardware.sharedDisk !== undefined && name === 'DISK_GB'),
    );
    return { ...Object.fromEntries(own), ...(vgpus > 0 ? { [VGPU]: wholeInventory(vgpus) } : {}) };
  }

  #cells(): readonly string[] {
    const count = this.hardware.numaCells ?? 0;
    const whole = nodeInventories(this.facts);
    return Array.from({ length: count }, (_, cell) => {
      const name = cellName(this.tree.root, cell);
      const part = (total: number): number => Math.floor(total / count) + (cell < total % count ? 1 : 0);
      this.tree.child(name);
      const parts = CELL_CLASSES.map((rc) => [rc, part(whole[rc]?.total ?? 0)] as const).filter(([, total]) => total > 0);
      this.tree.setInventories(name, Object.fromEntries(parts.map(([rc, total]) => [rc, wholeInventory(total)])));
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

/** Moves what servers hold of a node to its cards: to those whose devices their guests have, else to as few as will do. */
class VgpuMove {
  constructor(
    private readonly root: string,
    private readonly gpus: readonly FakeGpu[],
    private readonly all: TreeAllocations,
    private readonly devicesOf: (guest: string) => readonly string[],
  ) {}

  /** Those whose guests have devices come first: nobody else gets their place. */
  run(): void {
    for (const [consumer, held] of this.all) for (const gpu of this.gpus) this.#take(held, gpu, this.#devicesOn(consumer, gpu));
    for (const held of this.all.values()) {
      for (const gpu of [...this.gpus].sort((a, b) => this.#free(b) - this.#free(a))) this.#take(held, gpu, this.#free(gpu));
      const left = this.#left(held);
      if (left > 0) throw new Error(`The cards of ${this.root} have no room for ${left} VGPU that servers hold of it.`);
    }
  }

  #take(held: Record<string, Record<string, number>>, gpu: FakeGpu, most: number): void {
    const amount = Math.min(this.#left(held), most, this.#free(gpu));
    if (amount <= 0) return;
    const name = childName(this.root, gpu.name);
    const { [VGPU]: before = 0, ...rest } = held[this.root] ?? {};
    const kept = before > amount ? { ...rest, [VGPU]: before - amount } : rest;
    if (Object.keys(kept).length === 0) delete held[this.root];
    else held[this.root] = kept;
    held[name] = { ...held[name], [VGPU]: (held[name]?.[VGPU] ?? 0) + amount };
  }

  #left(held: Record<string, Record<string, number>>): number {
    return held[this.root]?.[VGPU] ?? 0;
  }

  #free({ name, vgpus }: FakeGpu): number {
    const provider = childName(this.root, name);
    return vgpus - [...this.all.values()].reduce((used, other) => used + (other[provider]?.[VGPU] ?? 0), 0);
  }

  #devicesOn(guest: string, { name, vgpus }: FakeGpu): number {
    const ofCard = numbered(this.root, name, vgpus);
    return this.devicesOf(guest).filter((device) => ofCard.includes(device)).length;
  }
}

const numbered = (node: string, card: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => deviceUuid(`${childName(node, card)}/${index}`));

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
  if (resourceClass === VGPU)
    return gpus
      .filter((gpu) => provider === (gpuLayout === 'flat' ? node : childName(node, gpu.name)))
      .flatMap((gpu) => numbered(node, gpu.name, gpu.vgpus));
  return cards
    .filter((card) => card.resourceClass === resourceClass && provider === childName(node, card.name))
    .flatMap((card) => numbered(node, card.name, card.devices));
}
