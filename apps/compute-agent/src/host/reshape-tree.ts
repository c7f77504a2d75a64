import {
  type Allocations,
  type ConsumerAllocations,
  type PlacementClient,
  type Reshape,
  type TreeProvider,
  treeChanges,
} from '@kilonova/placement-client';
import { AppError, backoffMs, type Ctx, pause } from '@kilonova/util';
import type { ProviderReport, TreeAllocations, VirtDriver } from '@kilonova/virt';
import type { ExtendedTree } from '../model/operator-providers.js';
import { type NodeTree, nameIn, ownTree } from '../model/own-tree.js';
import { bothWritten, writtenBy } from '../model/written-tree.js';
import type { WrittenTrees } from './written-trees.js';

/** Further tries when others wrote to the tree, or to what is held of it, meanwhile. */
const CONFLICT_RETRIES = 4;
const CONFLICT_PAUSE = { baseMs: 50, capMs: 1_000 };
/** Consumers that are read at once. */
const CONCURRENT_READS = 8;

/** Makes of a driver's tree what placement is to have. */
export type FinishTree = (
  tree: NodeTree,
  reports: readonly ProviderReport[],
) => Pick<ExtendedTree, 'reports' | 'added'> & { readonly wanted: readonly TreeProvider[] };

/**
 * Moves inventory within a node's tree together with what running servers hold of it. New providers are made first, empty;
 * then one request moves all or nothing. Interrupted anywhere it is begun anew, for the driver goes by what placement has.
 */
export class ReshapeTree {
  constructor(
    private readonly placement: PlacementClient,
    private readonly written: WrittenTrees,
    private readonly finish: FinishTree,
  ) {}

  /** @throws AppError `conflict`, code `agent.reshape.failed`, when it could not be done: the host can't serve servers so */
  async run(ctx: Ctx, driver: VirtDriver, node: string, nodeUuid: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#once(ctx, driver, node, nodeUuid);
      if (outcome === 'reshaped') return;
      if (attempt > CONFLICT_RETRIES) throw failed(node, 'others keep writing to it');
      await pause(backoffMs(CONFLICT_PAUSE, attempt));
    }
  }

  async #once(ctx: Ctx, driver: VirtDriver, node: string, nodeUuid: string): Promise<'reshaped' | 'concurrent-update'> {
    const plan = async (present: readonly TreeProvider[], held: ReadonlyMap<string, ConsumerAllocations>) => {
      const tree = { node, nodeUuid, present, written: await this.written.of(node) };
      const own = ownTree(tree);
      const allocations = byName(tree, held);
      await driver.updateProviderTree(own, node, allocations).catch((error: Error) => {
        throw failed(node, error.message);
      });
      const { reports, added, wanted } = this.finish(tree, own.reports());
      await this.written.remember(node, bothWritten(tree.written, writtenBy(reports, added)));
      return { wanted, allocations };
    };
    const first = await this.placement.tree(ctx, nodeUuid);
    const { wanted } = await plan(first, await this.#held(ctx, first));
    const isNew = ({ uuid }: TreeProvider) => first.every((known) => known.uuid !== uuid);
    const empty = wanted.filter(isNew).map((provider) => ({ ...provider, inventories: {}, traits: new Set<string>() }));
    await this.placement.syncTree(ctx, nodeUuid, (now) => [
      ...now,
      ...empty.filter(({ uuid }) => now.every((one) => one.uuid !== uuid)),
    ]);

    const present = await this.placement.tree(ctx, nodeUuid);
    const held = await this.#held(ctx, present);
    const moved = await plan(present, held);
    return this.#post(ctx, node, reshapeOf({ present, wanted: moved.wanted }, held, moved.allocations));
  }

  async #post(ctx: Ctx, node: string, reshape: Reshape): Promise<'reshaped' | 'concurrent-update'> {
    try {
      return await this.placement.reshape(ctx, reshape);
    } catch (error) {
      const { code, message } = AppError.from(error);
      throw code === 'placement.unexpected' ? failed(node, message) : error;
    }
  }

  /** What everybody holds who holds something of the tree. */
  async #held(ctx: Ctx, present: readonly TreeProvider[]): Promise<ReadonlyMap<string, ConsumerAllocations>> {
    const [root] = present;
    const consumers = root === undefined ? [] : await this.placement.consumersOf(ctx, root.uuid);
    const [held, waiting] = [new Map<string, ConsumerAllocations>(), [...consumers]];
    const reader = async (): Promise<void> => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
        held.set(one, await this.placement.allocationsOf(ctx, one));
    };
    await Promise.all(Array.from({ length: CONCURRENT_READS }, reader));
    return held;
  }
}

const failed = (node: string, why: string): AppError =>
  new AppError({
    kind: 'conflict',
    code: 'agent.reshape.failed',
    message: `The provider tree of ${node} could not be reshaped: ${why}.`,
    details: { node },
  });

/** Allocations as a driver sees them: of the tree alone, by the names of its providers. */
function byName(tree: NodeTree, held: ReadonlyMap<string, ConsumerAllocations>): TreeAllocations {
  const names = new Map(tree.present.map((provider) => [provider.uuid, nameIn(tree, provider)]));
  const entries = [...held].map(([consumer, { allocations }]) => {
    const own = Object.entries(allocations).flatMap(([uuid, { resources }]) => {
      const name = names.get(uuid);
      return name === undefined ? [] : [[name, { ...resources }] as const];
    });
    return [consumer, Object.fromEntries(own)] as const;
  });
  return new Map(entries);
}

/** What is different afterwards, with the generations that it was read with. */
function reshapeOf(
  { present, wanted }: { readonly present: readonly TreeProvider[]; readonly wanted: readonly TreeProvider[] },
  held: ReadonlyMap<string, ConsumerAllocations>,
  moved: TreeAllocations,
): Reshape {
  const changes = treeChanges(present, wanted).filter((change) => change.kind === 'inventories');
  const generations = new Map(present.map(({ uuid, generation }) => [uuid, generation ?? 0]));
  const uuids = new Map(wanted.map(({ uuid, name }) => [name, uuid]));
  const members = new Set(present.map(({ uuid }) => uuid));
  const after = (consumer: string, before: ConsumerAllocations): Allocations => {
    const elsewhere = Object.entries(before.allocations).filter(([uuid]) => !members.has(uuid));
    const here = Object.entries(moved.get(consumer) ?? {}).map(([name, resources]) => {
      const uuid = uuids.get(name);
      if (uuid === undefined) throw new TypeError(`the driver gave ${consumer} something of ${name}, which is not in its tree`);
      return [uuid, { resources }] as const;
    });
    return Object.fromEntries([...elsewhere, ...here]);
  };
  const allocations = [...held]
    .map(([consumer, before]) => [consumer, { ...before, allocations: after(consumer, before) }] as const)
    .filter(([consumer, { allocations: now }]) => !isSame(now, held.get(consumer)?.allocations ?? {}));
  return {
    inventories: Object.fromEntries(
      changes.map(({ uuid, inventories }) => [uuid, { generation: generations.get(uuid) ?? 0, inventories }]),
    ),
    allocations: Object.fromEntries(allocations),
  };
}

const flat = (allocations: Allocations): string =>
  Object.entries(allocations)
    .flatMap(([uuid, { resources }]) => Object.entries(resources).map(([name, amount]) => `${uuid} ${name} ${amount}`))
    .sort()
    .join();

const isSame = (a: Allocations, b: Allocations): boolean => flat(a) === flat(b);
