import type { Inventories, Inventory } from '../model/inventory.js';

/** A row of a provider's inventory list. The class is null on the one row of a provider without inventory. */
export interface InventoryRow extends Inventory {
  readonly generation: number;
  readonly class: string | null;
  readonly modified: Date;
}

export const toInventory = (row: InventoryRow): Inventory => ({
  total: row.total,
  reserved: row.reserved,
  minUnit: row.minUnit,
  maxUnit: row.maxUnit,
  stepSize: row.stepSize,
  allocationRatio: row.allocationRatio,
});

/** The parallel arrays that `unnest` takes: class, total, reserved, min, max, step, ratio. */
export function inventoryColumns(inventories: Inventories): unknown[] {
  const rows = [...inventories.values()];
  return [[...inventories.keys()], ...amountColumns(rows)];
}

/** The same without the class names. */
export const amountColumns = (rows: readonly Inventory[]): unknown[] => [
  rows.map((row) => row.total),
  rows.map((row) => row.reserved),
  rows.map((row) => row.minUnit),
  rows.map((row) => row.maxUnit),
  rows.map((row) => row.stepSize),
  rows.map((row) => row.allocationRatio),
];
