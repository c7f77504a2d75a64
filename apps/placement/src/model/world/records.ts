/** What the world is told of one provider's own row. Ids are the database's row ids. */
export interface ProviderRecord {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly generation: number;
  /** Row id of the parent; null for a root. */
  readonly parentId: number | null;
  /** Row id of the root of its tree; its own id for a root. */
  readonly rootId: number;
}

/** One inventory of a provider, with what is allocated of it. */
export interface InventoryRecord {
  readonly classId: number;
  readonly total: number;
  readonly reserved: number;
  readonly minUnit: number;
  readonly maxUnit: number;
  readonly stepSize: number;
  readonly allocationRatio: number;
  readonly used: number;
}

/** A provider with all that belongs to it: what a load or a refresh brings. */
export interface ProviderState extends ProviderRecord {
  readonly inventories: readonly InventoryRecord[];
  readonly traitIds: readonly number[];
  readonly aggregateIds: readonly number[];
}
