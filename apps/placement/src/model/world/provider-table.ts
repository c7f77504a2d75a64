import { resized } from './inventory-table.js';
import type { ProviderRecord } from './records.js';

const FIRST_CAPACITY = 64;
const NO_PARENT = -1;
const NOBODY: readonly number[] = Object.freeze([]);

/**
 * Providers in columns by dense index. An index is never given to another provider until `clear`, so one that a paused
 * search holds can only turn empty. Tree members are lists that are replaced, never changed in place, for the same reason.
 */
export class ProviderTable {
  rowId = new Float64Array(FIRST_CAPACITY);
  parentId = new Float64Array(FIRST_CAPACITY);
  rootId = new Float64Array(FIRST_CAPACITY);
  generation = new Float64Array(FIRST_CAPACITY);
  readonly uuid: (string | undefined)[] = [];
  readonly name: (string | undefined)[] = [];
  readonly #byId = new Map<number, number>();
  readonly #byUuid = new Map<string, number>();
  readonly #byName = new Map<string, number>();
  readonly #membersByRoot = new Map<number, readonly number[]>();
  #end = 0;
  #inOrder = true;

  /** Providers that exist now. */
  get count(): number {
    return this.#byId.size;
  }

  /** One past the highest index ever given. */
  get end(): number {
    return this.#end;
  }

  /** True while dense indexes ascend with row ids; late commits of lower ids end that until the table is rebuilt. */
  get inOrder(): boolean {
    return this.#inOrder;
  }

  exists(index: number): boolean {
    return this.uuid[index] !== undefined;
  }

  indexOf(rowId: number): number | undefined {
    return this.#byId.get(rowId);
  }

  indexOfUuid(uuid: string): number | undefined {
    return this.#byUuid.get(uuid);
  }

  indexOfName(name: string): number | undefined {
    return this.#byName.get(name);
  }

  /** Index of the root of a provider's tree; itself when the root is not (yet) known. */
  root(index: number): number {
    const rootId = this.rootId[index]!;
    return rootId === this.rowId[index] ? index : (this.#byId.get(rootId) ?? index);
  }

  /** Index of the parent; -1 for a root. */
  parent(index: number): number {
    const parentId = this.parentId[index]!;
    return parentId === NO_PARENT ? -1 : (this.#byId.get(parentId) ?? -1);
  }

  /** All providers of the tree of the root with that row id, by row id. */
  members(rootRowId: number): readonly number[] {
    return this.#membersByRoot.get(rootRowId) ?? NOBODY;
  }

  put(record: ProviderRecord): number {
    const known = this.#byId.get(record.id);
    const index = known ?? this.#append(record.id);
    if (known !== undefined) this.#detach(index);
    this.#byUuid.set(record.uuid, index);
    this.#byName.set(record.name, index);
    this.uuid[index] = record.uuid;
    this.name[index] = record.name;
    this.generation[index] = record.generation;
    this.#place(index, record, known !== undefined);
    return index;
  }

  remove(index: number): void {
    const rowId = this.rowId[index]!;
    this.#detach(index);
    this.#leaveTree(index);
    this.#byId.delete(rowId);
    this.uuid[index] = undefined;
    this.name[index] = undefined;
  }

  record(index: number): ProviderRecord {
    const parentId = this.parentId[index]!;
    return {
      id: this.rowId[index]!,
      uuid: this.uuid[index]!,
      name: this.name[index]!,
      generation: this.generation[index]!,
      parentId: parentId === NO_PARENT ? null : parentId,
      rootId: this.rootId[index]!,
    };
  }

  clear(): void {
    for (const map of [this.#byId, this.#byUuid, this.#byName, this.#membersByRoot]) map.clear();
    this.uuid.length = 0;
    this.name.length = 0;
    this.#end = 0;
    this.#inOrder = true;
  }

  #append(rowId: number): number {
    const index = this.#end++;
    if (index >= this.rowId.length) this.#grow();
    if (index > 0 && this.rowId[index - 1]! > rowId) this.#inOrder = false;
    this.rowId[index] = rowId;
    this.#byId.set(rowId, index);
    return index;
  }

  /** Files the provider under its parent and root; the common case of an unchanged place costs two comparisons. */
  #place(index: number, record: ProviderRecord, known: boolean): void {
    const parentId = record.parentId ?? NO_PARENT;
    this.parentId[index] = parentId;
    if (known && this.rootId[index] === record.rootId) return;
    if (known) this.#leaveTree(index);
    this.rootId[index] = record.rootId;
    const members = [...this.members(record.rootId), index];
    this.#membersByRoot.set(
      record.rootId,
      members.sort((a, b) => this.rowId[a]! - this.rowId[b]!),
    );
  }

  #leaveTree(index: number): void {
    const rootId = this.rootId[index]!;
    const left = this.members(rootId).filter((member) => member !== index);
    if (left.length === 0) this.#membersByRoot.delete(rootId);
    else this.#membersByRoot.set(rootId, left);
  }

  /** Forgets uuid and name, unless another provider has taken them over meanwhile. */
  #detach(index: number): void {
    const uuid = this.uuid[index]!;
    const name = this.name[index]!;
    if (this.#byUuid.get(uuid) === index) this.#byUuid.delete(uuid);
    if (this.#byName.get(name) === index) this.#byName.delete(name);
  }

  #grow(): void {
    const size = this.rowId.length * 2;
    this.rowId = resized(this.rowId, new Float64Array(size));
    this.parentId = resized(this.parentId, new Float64Array(size));
    this.rootId = resized(this.rootId, new Float64Array(size));
    this.generation = resized(this.generation, new Float64Array(size));
  }
}
