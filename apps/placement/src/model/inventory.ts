/** How much of one resource class a provider has, and in which portions it gives it out. */
export interface Inventory {
  readonly total: number;
  readonly reserved: number;
  readonly minUnit: number;
  readonly maxUnit: number;
  readonly stepSize: number;
  readonly allocationRatio: number;
}

/** Inventory by resource class. */
export type Inventories = ReadonlyMap<string, Inventory>;

/** What a provider has, as read together with its generation. */
export interface ProviderInventories {
  readonly generation: number;
  readonly inventories: Inventories;
  /** The newest write of any of them; undefined when there are none. */
  readonly modified: Date | undefined;
}

export const MAX_INTEGER = 2147483647;

/** Usable amount: what is not reserved, times the overcommit ratio, whole units only. */
export const capacity = (inventory: Pick<Inventory, 'total' | 'reserved' | 'allocationRatio'>): number =>
  Math.trunc((inventory.total - inventory.reserved) * inventory.allocationRatio);

/** Does the reserved part leave enough? Nothing may be left from 1.26 on, before something had to be. */
export const reservedFits = (inventory: Pick<Inventory, 'total' | 'reserved'>, mayReserveAll: boolean): boolean =>
  mayReserveAll ? inventory.reserved <= inventory.total : inventory.reserved < inventory.total;

/** What a write of inventories can come to, besides success. */
export type InventoryRefusal =
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'generation-conflict' }
  | { readonly outcome: 'unknown-class'; readonly class: string }
  | { readonly outcome: 'no-inventory'; readonly class: string }
  | { readonly outcome: 'exists'; readonly class: string }
  | { readonly outcome: 'in-use'; readonly classes: readonly string[] };

/** `generation` is the provider's after the write. */
export type InventoryOutcome =
  | { readonly outcome: 'written'; readonly generation: number; readonly modified: Date }
  | InventoryRefusal;
