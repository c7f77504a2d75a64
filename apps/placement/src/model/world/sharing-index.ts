import type { NameTable } from './name-table.js';
import type { PostingIndex } from './posting.js';
import type { ProviderTable } from './provider-table.js';

/** The trait that makes a provider share its inventory with the trees of its aggregates. */
export const SHARING_TRAIT = 'MISC_SHARES_VIA_AGGREGATE';

const NOBODY: readonly number[] = Object.freeze([]);

/** What sharing is derived from. */
interface SharingSource {
  readonly traits: NameTable;
  readonly providers: ProviderTable;
  readonly byTrait: PostingIndex;
  readonly byAggregate: PostingIndex;
  aggregateIds(index: number): readonly number[];
}

/**
 * Which sharing providers are attached to which trees. A provider with the trait MISC_SHARES_VIA_AGGREGATE serves every
 * tree that has any member in one of its aggregates; the root of such a tree is called an anchor of it.
 */
export class SharingIndex {
  readonly #world: SharingSource;
  #byAggregate: Map<number, number[]> | undefined;

  constructor(world: SharingSource) {
    this.#world = world;
  }

  /** To be called when traits or aggregates of any provider changed. */
  invalidate(): void {
    this.#byAggregate = undefined;
  }

  isSharing(index: number): boolean {
    const trait = this.#world.traits.id(SHARING_TRAIT);
    return trait !== undefined && this.#world.byTrait.get(trait).has(index);
  }

  /** Sharing providers of other trees that serve the tree with these members, by row id. */
  attached(members: readonly number[]): readonly number[] {
    const byAggregate = this.#current();
    if (byAggregate.size === 0) return NOBODY;
    const found = new Set<number>();
    for (const member of members) {
      for (const aggregate of this.#world.aggregateIds(member)) {
        for (const index of byAggregate.get(aggregate) ?? NOBODY) if (!members.includes(index)) found.add(index);
      }
    }
    if (found.size === 0) return NOBODY;
    const { rowId } = this.#world.providers;
    return [...found].sort((a, b) => rowId[a]! - rowId[b]!);
  }

  /** At most how many anchors a provider has: one for its own tree, more when it shares. */
  anchorEstimate(index: number): number {
    if (!this.isSharing(index)) return 1;
    return this.#world.aggregateIds(index).reduce((sum, id) => sum + this.#world.byAggregate.get(id).size, 1);
  }

  #current(): Map<number, number[]> {
    if (this.#byAggregate !== undefined) return this.#byAggregate;
    const map = new Map<number, number[]>();
    const trait = this.#world.traits.id(SHARING_TRAIT);
    for (const index of trait === undefined ? NOBODY : this.#world.byTrait.get(trait)) {
      for (const aggregate of this.#world.aggregateIds(index)) {
        const list = map.get(aggregate);
        if (list === undefined) map.set(aggregate, [index]);
        else list.push(index);
      }
    }
    return (this.#byAggregate = map);
  }
}
