import { InventoryTable } from './inventory-table.js';
import { NameTable } from './name-table.js';
import { PostingIndex } from './posting.js';
import { ProviderTable } from './provider-table.js';
import type { InventoryRecord, ProviderRecord, ProviderState } from './records.js';
import { SharingIndex } from './sharing-index.js';

const NONE: readonly number[] = Object.freeze([]);

/**
 * Providers, inventories, traits and aggregates in memory, with the indexes that a candidate search starts from.
 * Changes are told by row id through the methods below; every index is kept current by them. Reading never changes it,
 * except for caches.
 */
export class World {
  readonly traits = new NameTable();
  readonly classes = new NameTable();
  readonly aggregates = new NameTable();
  readonly providers = new ProviderTable();
  readonly inventory = new InventoryTable();
  readonly byClass = new PostingIndex();
  readonly byTrait = new PostingIndex();
  readonly byAggregate = new PostingIndex();
  readonly sharing = new SharingIndex(this);
  readonly #slots: number[][] = [];
  readonly #traits: (readonly number[])[] = [];
  readonly #aggregates: (readonly number[])[] = [];

  /** Inventory slots of a provider, by class id. */
  slots(index: number): readonly number[] {
    return this.#slots[index] ?? NONE;
  }

  /** Inventory slot of a class on a provider; -1 when it has none. */
  slot(index: number, classId: number): number {
    const slots = this.#slots[index];
    if (slots === undefined) return -1;
    for (const slot of slots) if (this.inventory.classId[slot] === classId) return slot;
    return -1;
  }

  /** Trait ids of a provider, ascending. */
  traitIds(index: number): readonly number[] {
    return this.#traits[index] ?? NONE;
  }

  aggregateIds(index: number): readonly number[] {
    return this.#aggregates[index] ?? NONE;
  }

  inventories(index: number): InventoryRecord[] {
    return this.slots(index).map((slot) => this.inventory.read(slot));
  }

  /** Creates or updates a provider's own row; what belongs to it stays. Returns its index. */
  upsertProvider(record: ProviderRecord): number {
    const index = this.providers.put(record);
    if (this.#slots[index] === undefined) {
      this.#slots[index] = [];
      this.#traits[index] = NONE;
      this.#aggregates[index] = NONE;
    }
    return index;
  }

  /** Removes a provider with all that belongs to it; unknown ids are ignored. */
  removeProvider(rowId: number): void {
    const index = this.providers.indexOf(rowId);
    if (index === undefined) return;
    this.#replaceTraits(index, NONE);
    this.#replaceAggregates(index, NONE);
    this.#replaceInventories(index, []);
    this.providers.remove(index);
  }

  replaceInventories(rowId: number, records: readonly InventoryRecord[]): void {
    this.#replaceInventories(this.#known(rowId), records);
  }

  replaceTraits(rowId: number, traitIds: readonly number[]): void {
    this.#replaceTraits(this.#known(rowId), traitIds);
  }

  replaceAggregates(rowId: number, aggregateIds: readonly number[]): void {
    this.#replaceAggregates(this.#known(rowId), aggregateIds);
  }

  /** Brings one provider to the given state, touching only what differs. */
  apply(state: ProviderState): void {
    const index = this.upsertProvider(state);
    this.#replaceInventories(index, state.inventories);
    this.#replaceTraits(index, state.traitIds);
    this.#replaceAggregates(index, state.aggregateIds);
  }

  state(index: number): ProviderState {
    return {
      ...this.providers.record(index),
      inventories: this.inventories(index),
      traitIds: this.traitIds(index),
      aggregateIds: this.aggregateIds(index),
    };
  }

  /** Forgets all providers; names stay. */
  clear(): void {
    this.providers.clear();
    this.inventory.clear();
    for (const index of [this.byClass, this.byTrait, this.byAggregate]) index.clear();
    for (const column of [this.#slots, this.#traits, this.#aggregates]) column.length = 0;
    this.sharing.invalidate();
  }

  /**
   * Numbers providers anew in order of row id, when holes or disorder have piled up. Every index held outside turns
   * wrong, so nothing may be searching. Returns whether it was worth doing.
   */
  compact(): boolean {
    const { count, end, inOrder } = this.providers;
    if (inOrder && end - count <= Math.max(1024, count / 2)) return false;
    const states: ProviderState[] = [];
    for (let index = 0; index < end; index += 1) if (this.providers.exists(index)) states.push(this.state(index));
    states.sort((a, b) => a.id - b.id);
    this.clear();
    for (const state of states) this.apply(state);
    return true;
  }

  #known(rowId: number): number {
    const index = this.providers.indexOf(rowId);
    if (index === undefined) throw new RangeError(`no provider with row id ${rowId}`);
    return index;
  }

  #replaceInventories(index: number, records: readonly InventoryRecord[]): void {
    const slots = this.#slots[index]!;
    const sorted = records.length > 1 ? [...records].sort((a, b) => a.classId - b.classId) : records;
    const same = slots.length === sorted.length && sorted.every((r, i) => this.inventory.classId[slots[i]!] === r.classId);
    if (same) {
      for (const [i, record] of sorted.entries()) this.inventory.write(slots[i]!, record);
      return;
    }
    for (const slot of slots) {
      this.byClass.delete(this.inventory.classId[slot]!, index);
      this.inventory.release(slot);
    }
    this.#slots[index] = sorted.map((record) => this.inventory.add(record));
    for (const record of sorted) this.byClass.add(record.classId, index);
  }

  #replaceTraits(index: number, traitIds: readonly number[]): void {
    const before = this.#traits[index]!;
    const after = ascending(traitIds);
    if (sameList(before, after)) return;
    for (const id of before) this.byTrait.delete(id, index);
    for (const id of after) this.byTrait.add(id, index);
    this.#traits[index] = after;
    this.sharing.invalidate();
  }

  #replaceAggregates(index: number, aggregateIds: readonly number[]): void {
    const before = this.#aggregates[index]!;
    const after = ascending(aggregateIds);
    if (sameList(before, after)) return;
    for (const id of before) this.byAggregate.delete(id, index);
    for (const id of after) this.byAggregate.add(id, index);
    this.#aggregates[index] = after;
    this.sharing.invalidate();
  }
}

const ascending = (ids: readonly number[]): readonly number[] => (ids.length === 0 ? NONE : [...ids].sort((a, b) => a - b));

const sameList = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);
