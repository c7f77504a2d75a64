import type { InventoryRecord, ProviderState } from '../model/world/index.js';

/** Everything of one provider in one row; numbers may come as text (bigint). */
export interface ProviderRow {
  readonly id: string | number;
  readonly uuid: string;
  readonly name: string;
  readonly generation: string | number;
  readonly parent_id: string | number | null;
  readonly root_id: string | number;
  readonly inventories: readonly InventoryTuple[] | null;
  readonly traits: readonly number[] | null;
  readonly aggregates: readonly number[] | null;
}

/** Class, total, reserved, min unit, max unit, step size, ratio, used. */
type InventoryTuple = readonly [number, number, number, number, number, number, number, number];

/**
 * Select list for a row `p` of resource_providers. Correlated subqueries on purpose: they can only be run as index lookups
 * per provider, so the plan for three changed providers cannot turn into a scan of all inventories.
 */
export const PROVIDER_COLUMNS = `p.id, p.uuid::text AS uuid, p.name, p.generation,
  p.parent_provider_id AS parent_id, coalesce(p.root_provider_id, p.id) AS root_id,
  (SELECT json_agg(json_build_array(i.resource_class_id, i.total, i.reserved, i.min_unit, i.max_unit, i.step_size,
                                    i.allocation_ratio::float8, i.used))
   FROM inventories i WHERE i.resource_provider_id = p.id) AS inventories,
  (SELECT json_agg(t.trait_id) FROM resource_provider_traits t WHERE t.resource_provider_id = p.id) AS traits,
  (SELECT json_agg(a.aggregate_id) FROM resource_provider_aggregates a WHERE a.resource_provider_id = p.id) AS aggregates`;

/** A row as the world takes it. */
export function toProviderState(row: ProviderRow): ProviderState {
  return {
    id: Number(row.id),
    uuid: row.uuid,
    name: row.name,
    generation: Number(row.generation),
    parentId: row.parent_id === null ? null : Number(row.parent_id),
    rootId: Number(row.root_id),
    inventories: (row.inventories ?? []).map(toInventory),
    traitIds: row.traits ?? [],
    aggregateIds: row.aggregates ?? [],
  };
}

function toInventory(tuple: InventoryTuple): InventoryRecord {
  const [classId, total, reserved, minUnit, maxUnit, stepSize, allocationRatio, used] = tuple;
  return { classId, total, reserved, minUnit, maxUnit, stepSize, allocationRatio, used };
}
