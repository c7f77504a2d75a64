import { AppError, type Ctx } from '@kilonova/util';
import type {
  AllocationRequest,
  Allocations,
  ClaimMode,
  ClaimOutcome,
  ClaimOwner,
  ConsumerAllocations,
  MoveOutcome,
} from '../allocation.js';
import type { CandidatesOutcome, CapacityOutcome } from '../candidates.client.js';
import { claimStep, difference, HOLDS_NOTHING, holdsNothing } from '../claim-mode.js';
import { PlacementClient, type Reshape, type WantedTree } from '../placement-client.js';
import type { Inventory, TreeProvider } from '../tree/provider-tree.js';
import { MemoryProviders } from './memory-providers.js';
import { searchCandidates } from './search-candidates.js';

/**
 * Placement in memory, for specs of whatever uses it: keeps capacity, owners and generations as the service does, and can
 * be switched off. Passes the contract suite of the client over HTTP. Its candidates know trees of one provider only.
 */
export class MemoryPlacement extends PlacementClient {
  readonly providers = new MemoryProviders();
  /** Consumers whose allocations were asked to be released, in order. */
  readonly released: string[] = [];
  /** While true every call fails as it does when the service is away. */
  isDown = false;
  readonly #held = new Map<string, ConsumerAllocations>();

  /** Consumer → the first provider that it holds something of. */
  get held(): ReadonlyMap<string, string> {
    return new Map([...this.#held].map(([consumer, { allocations }]) => [consumer, Object.keys(allocations)[0] ?? '']));
  }

  /** Lets a consumer hold one VCPU of a provider, without asking. */
  hold(consumer: string, provider: string): void {
    this.#store({ consumer, projectId: 'p1', userId: 'u1' }, { [provider]: { resources: { VCPU: 1 } } });
  }

  /** A provider without a parent; it has room for 1000 of each common class unless told otherwise. */
  addRoot(
    uuid: string,
    inventories: Readonly<Record<string, number>> = { VCPU: 1000, MEMORY_MB: 1_000_000, DISK_GB: 1000 },
  ): void {
    this.providers.put({
      uuid,
      name: uuid,
      parent: null,
      generation: 0,
      inventories: Object.fromEntries(Object.entries(inventories).map(([name, total]) => [name, plainInventory(total)])),
      traits: new Set(),
    });
  }

  /** Leaves no room on a provider. */
  fill(provider: string): void {
    this.addRoot(provider, {});
  }

  async candidates(_ctx: Ctx, query: string): Promise<CandidatesOutcome> {
    this.#check();
    const candidates = searchCandidates(new URLSearchParams(query), this.providers.all(), (uuid, name) => this.#used(uuid, name));
    return { outcome: 'found', candidates };
  }

  async capacity(ctx: Ctx, query: string): Promise<CapacityOutcome> {
    const found = await this.candidates(ctx, query);
    if (found.outcome === 'refused') return found;
    const { allocation_requests: requests, provider_summaries: summaries } = found.candidates;
    const counts = requests.flatMap(({ allocations }) =>
      Object.entries(allocations).map(([uuid, { resources }]) => {
        const room = Object.entries(resources).map(([name, amount]) => {
          const { capacity = 0, used = 0 } = summaries[uuid]?.resources[name] ?? {};
          return Math.floor((capacity - used) / amount);
        });
        return [uuid, Math.min(...room)] as const;
      }),
    );
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    return { outcome: 'counted', capacity: { total, isComplete: true, roots: Object.fromEntries(counts) } };
  }

  async claim(_ctx: Ctx, owner: ClaimOwner, request: AllocationRequest, mode: ClaimMode): Promise<ClaimOutcome> {
    this.#check();
    const step = claimStep(mode, this.#held.get(owner.consumer) ?? HOLDS_NOTHING, request);
    if ('end' in step) return step.end;
    const refusal = this.#refusal(owner.consumer, step.write);
    if (refusal !== undefined) return refusal;
    this.#store(owner, step.write);
    return { outcome: 'claimed' };
  }

  moveTo(_ctx: Ctx, instance: string, migration: string): Promise<MoveOutcome> {
    return this.#move(instance, migration, false);
  }

  moveBack(_ctx: Ctx, instance: string, migration: string): Promise<MoveOutcome> {
    return this.#move(migration, instance, true);
  }

  async giveBack(_ctx: Ctx, consumer: string, part: Allocations): Promise<'given-back' | 'contended'> {
    this.#check();
    const held = this.#held.get(consumer);
    const left = difference(held?.allocations ?? {}, part);
    if (held === undefined) return 'given-back';
    if (Object.keys(left).length === 0) this.#held.delete(consumer);
    else this.#held.set(consumer, { ...held, allocations: left, generation: (held.generation ?? 0) + 1 });
    return 'given-back';
  }

  async change(_ctx: Ctx, consumer: string, wanted: (held: Allocations) => Allocations): Promise<ClaimOutcome> {
    this.#check();
    const held = this.#held.get(consumer);
    if (held === undefined) return holdsNothing(consumer);
    const next = wanted(held.allocations);
    const refusal = this.#refusal(consumer, next);
    if (refusal !== undefined) return refusal;
    this.#store({ consumer, projectId: held.projectId ?? '', userId: held.userId ?? '' }, next);
    return { outcome: 'claimed' };
  }

  async release(_ctx: Ctx, consumer: string): Promise<void> {
    this.#check();
    this.released.push(consumer);
    this.#held.delete(consumer);
  }

  async allocationsOf(_ctx: Ctx, consumer: string): Promise<ConsumerAllocations> {
    this.#check();
    return this.#held.get(consumer) ?? HOLDS_NOTHING;
  }

  async consumersOf(_ctx: Ctx, provider: string): Promise<readonly string[]> {
    this.#check();
    const tree = new Set(this.providers.tree(provider).map(({ uuid }) => uuid));
    const holds = ({ allocations }: ConsumerAllocations): boolean => Object.keys(allocations).some((uuid) => tree.has(uuid));
    return [...this.#held].filter(([, held]) => holds(held)).map(([consumer]) => consumer);
  }

  async usages(_ctx: Ctx, projectId: string, userId?: string): Promise<Readonly<Record<string, number>>> {
    this.#check();
    const usages: Record<string, number> = {};
    for (const held of this.#held.values()) {
      if (held.projectId !== projectId || (userId !== undefined && held.userId !== userId)) continue;
      for (const { resources } of Object.values(held.allocations))
        for (const [name, amount] of Object.entries(resources)) usages[name] = (usages[name] ?? 0) + amount;
    }
    return usages;
  }

  async tree(_ctx: Ctx, member: string): Promise<readonly TreeProvider[]> {
    this.#check();
    return this.providers.tree(member);
  }

  async syncTree(_ctx: Ctx, root: string, wanted: WantedTree): Promise<void> {
    this.#check();
    await this.providers.sync(root, wanted, (uuid) => this.#isUsed(uuid));
  }

  async reshape(_ctx: Ctx, { inventories, allocations }: Reshape): Promise<'reshaped' | 'concurrent-update'> {
    this.#check();
    const consumers = Object.entries(allocations);
    if (consumers.some(([uuid, { generation }]) => (this.#held.get(uuid)?.generation ?? null) !== generation))
      return 'concurrent-update';
    if (!this.providers.reshape(inventories)) return 'concurrent-update';
    for (const [consumer, { allocations: held, projectId, userId }] of consumers)
      this.#store({ consumer, projectId: projectId ?? '', userId: userId ?? '' }, held);
    return 'reshaped';
  }

  async aggregatesOf(_ctx: Ctx, provider: string): Promise<readonly string[]> {
    this.#check();
    return [...(this.providers.aggregates.get(provider) ?? [])];
  }

  async setAggregate(_ctx: Ctx, provider: string, aggregate: string, isMember: boolean): Promise<boolean> {
    this.#check();
    return this.providers.setAggregate(provider, aggregate, isMember);
  }

  async removeProvider(_ctx: Ctx, provider: string): Promise<boolean> {
    this.#check();
    return this.providers.remove(provider, (uuid) => this.#isUsed(uuid));
  }

  async maxVersion(): Promise<string> {
    this.#check();
    return '1.39';
  }

  async close(): Promise<void> {}

  async #move(from: string, to: string, replace: boolean): Promise<MoveOutcome> {
    this.#check();
    const [held, receiver] = [this.#held.get(from), this.#held.get(to)];
    if (held === undefined) return { outcome: receiver === undefined ? 'nothing-held' : 'already-moved' };
    if (receiver !== undefined && !replace) return { outcome: 'already-moved' };
    this.#held.delete(from);
    this.#held.set(to, { ...held, generation: (receiver?.generation ?? 0) + 1 });
    return { outcome: 'moved' };
  }

  #store(owner: ClaimOwner, allocations: Allocations): void {
    const generation = (this.#held.get(owner.consumer)?.generation ?? 0) + 1;
    this.#held.set(owner.consumer, { allocations, projectId: owner.projectId, userId: owner.userId, generation });
  }

  /** Why a consumer cannot have these allocations in place of what it holds. */
  #refusal(consumer: string, wanted: Allocations): ClaimOutcome | undefined {
    for (const [uuid, { resources }] of Object.entries(wanted)) {
      const provider = this.providers.get(uuid);
      if (provider === undefined) return { outcome: 'invalid', reason: `there is no provider ${uuid}` };
      for (const [name, amount] of Object.entries(resources)) {
        const inventory = provider.inventories[name];
        const used = this.#used(uuid, name) - (this.#held.get(consumer)?.allocations[uuid]?.resources[name] ?? 0);
        if (inventory === undefined || !fits(inventory, used, amount))
          return { outcome: 'no-capacity', reason: `provider ${uuid} has no room for ${amount} ${name}` };
      }
    }
    return undefined;
  }

  #used(provider: string, name: string): number {
    let used = 0;
    for (const { allocations } of this.#held.values()) used += allocations[provider]?.resources[name] ?? 0;
    return used;
  }

  #isUsed(provider: string): boolean {
    return [...this.#held.values()].some(({ allocations }) => provider in allocations);
  }

  #check(): void {
    if (this.isDown)
      throw new AppError({
        kind: 'dependency',
        code: 'placement.unavailable',
        message: 'The placement service cannot be reached.',
      });
  }
}

const plainInventory = (total: number): Inventory => ({
  total,
  reserved: 0,
  min_unit: 1,
  max_unit: total,
  step_size: 1,
  allocation_ratio: 1,
});

const fits = (inventory: Inventory, used: number, amount: number): boolean =>
  used + amount <= (inventory.total - inventory.reserved) * inventory.allocation_ratio &&
  amount >= inventory.min_unit &&
  amount <= inventory.max_unit &&
  amount % inventory.step_size === 0;
