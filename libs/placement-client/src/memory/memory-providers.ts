import { AppError } from '@kilonova/util';
import type { Reshape, WantedTree } from '../placement-client.js';
import { type TreeProvider, treeChanges } from '../tree/provider-tree.js';

/** Providers with their inventories, traits and aggregates, in memory. */
export class MemoryProviders {
  /** Provider → aggregates it is in. */
  readonly aggregates = new Map<string, Set<string>>();
  /** Providers that were removed, in order. */
  readonly removed: string[] = [];
  /** How often a tree was written to. */
  writes = 0;
  readonly #providers = new Map<string, TreeProvider>();

  all(): readonly TreeProvider[] {
    return [...this.#providers.values()];
  }

  get(uuid: string): TreeProvider | undefined {
    return this.#providers.get(uuid);
  }

  put(provider: TreeProvider): void {
    this.#providers.set(provider.uuid, provider);
  }

  tree(member: string): readonly TreeProvider[] {
    const root = this.#rootOf(member);
    return root === undefined ? [] : this.all().filter((provider) => this.#rootOf(provider.uuid) === root);
  }

  async sync(root: string, wanted: WantedTree, isUsed: (uuid: string) => boolean): Promise<void> {
    const present = this.tree(root);
    for (const change of treeChanges(present, await wanted(present))) {
      this.writes += 1;
      if (change.kind === 'delete') this.remove(change.uuid, isUsed);
      else if (change.kind === 'create') this.#create(change.provider);
      else this.#change(change.uuid, change);
    }
  }

  /** Replaces the inventory of some, where all of them are as they were read. */
  reshape(inventories: Reshape['inventories']): boolean {
    const entries = Object.entries(inventories);
    if (entries.some(([uuid, { generation }]) => this.#providers.get(uuid)?.generation !== generation)) return false;
    for (const [uuid, { inventories: all }] of entries) this.#change(uuid, { inventories: all });
    this.writes += 1;
    return true;
  }

  setAggregate(provider: string, aggregate: string, isMember: boolean): boolean {
    if (!this.#providers.has(provider)) return false;
    const members = this.aggregates.get(provider) ?? new Set();
    this.aggregates.set(provider, members);
    members[isMember ? 'add' : 'delete'](aggregate);
    return true;
  }

  remove(uuid: string, isUsed: (uuid: string) => boolean): boolean {
    const hasChildren = this.all().some((provider) => provider.parent === uuid);
    if (isUsed(uuid) || hasChildren) return false;
    if (this.#providers.delete(uuid)) this.removed.push(uuid);
    return true;
  }

  #create(provider: TreeProvider): void {
    if (this.all().some((other) => other.name === provider.name)) {
      const message = `Provider name ${provider.name} belongs to another provider than ${provider.uuid}; it is not taken over.`;
      throw new AppError({ kind: 'conflict', code: 'placement.provider.name_taken', message });
    }
    this.put({ ...provider, generation: 0, inventories: {}, traits: new Set() });
  }

  #change(uuid: string, what: Partial<Pick<TreeProvider, 'inventories' | 'traits'>>): void {
    const provider = this.#providers.get(uuid);
    if (provider === undefined) return;
    const { inventories = provider.inventories, traits = provider.traits } = what;
    this.put({ ...provider, inventories, traits, generation: (provider.generation ?? 0) + 1 });
  }

  #rootOf(uuid: string): string | undefined {
    const provider = this.#providers.get(uuid);
    return provider?.parent == null ? provider?.uuid : this.#rootOf(provider.parent);
  }
}
