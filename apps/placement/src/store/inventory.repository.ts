import { Inject, Injectable } from '@nestjs/common';
import type { Inventories, Inventory, InventoryOutcome, InventoryRefusal, ProviderInventories } from '../model/inventory.js';
import { type InventoryRow, inventoryColumns, toInventory } from './inventory.mapper.js';
import { type LockedProvider, lockProvider, raiseGeneration } from './provider-lock.js';
import { first, PlacementDatabase, type Sql } from './sql.js';

const LIST = `
  SELECT p.generation, k.name AS class, i.total, i.reserved, i.min_unit AS "minUnit", i.max_unit AS "maxUnit",
         i.step_size AS "stepSize", i.allocation_ratio AS "allocationRatio", greatest(i.created_at, i.updated_at) AS modified
  FROM resource_providers p
  LEFT JOIN inventories i ON i.resource_provider_id = p.id
  LEFT JOIN resource_classes k ON k.id = i.resource_class_id
  WHERE p.uuid = $1 ORDER BY k.id`;

const UPSERT = `
  INSERT INTO inventories (resource_provider_id, resource_class_id, total, reserved, min_unit, max_unit, step_size, allocation_ratio)
  SELECT $1, k.id, n.total, n.reserved, n.min_unit, n.max_unit, n.step_size, n.ratio
  FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::float8[])
       AS n (class, total, reserved, min_unit, max_unit, step_size, ratio)
  JOIN resource_classes k ON k.name = n.class ORDER BY k.id
  ON CONFLICT (resource_provider_id, resource_class_id) DO UPDATE
  SET total = EXCLUDED.total, reserved = EXCLUDED.reserved, min_unit = EXCLUDED.min_unit, max_unit = EXCLUDED.max_unit,
      step_size = EXCLUDED.step_size, allocation_ratio = EXCLUDED.allocation_ratio, updated_at = now()`;

/** Inventories of one provider. Every write locks the provider's row and raises its generation by one. */
@Injectable()
export class InventoryRepository {
  constructor(@Inject(PlacementDatabase) private readonly db: PlacementDatabase) {}

  /** All inventories of a provider, in the order of class ids; undefined when there is no such provider. */
  async list(providerUuid: string): Promise<ProviderInventories | undefined> {
    const rows = await this.db.query<InventoryRow>(LIST, [providerUuid]);
    const head = rows[0];
    if (head === undefined) return undefined;
    const present = rows.filter((row) => row.class !== null);
    const newest = Math.max(...present.map((row) => row.modified.getTime()));
    return {
      generation: head.generation,
      inventories: new Map(present.map((row) => [row.class as string, toInventory(row)])),
      modified: present.length === 0 ? undefined : new Date(newest),
    };
  }

  /** Adds an inventory of a class that the provider has none of. */
  add(providerUuid: string, className: string, inventory: Inventory): Promise<InventoryOutcome> {
    return this.change(providerUuid, undefined, async (tx, provider) => {
      const unknown = await unknownClass(tx, [className]);
      if (unknown !== undefined) return unknown;
      if (await hasInventory(tx, provider, className)) return { outcome: 'exists', class: className };
      return upsert(tx, provider, new Map([[className, inventory]]));
    });
  }

  /** Replaces everything the provider has. */
  replaceAll(providerUuid: string, generation: number, inventories: Inventories): Promise<InventoryOutcome> {
    return this.change(providerUuid, generation, async (tx, provider) => {
      const names = [...inventories.keys()];
      return (await unknownClass(tx, names)) ?? (await removeExcept(tx, provider, names)) ?? upsert(tx, provider, inventories);
    });
  }

  /** Replaces one inventory, which must exist. */
  replaceOne(providerUuid: string, generation: number, className: string, inventory: Inventory): Promise<InventoryOutcome> {
    return this.change(providerUuid, generation, async (tx, provider) => {
      if (!(await hasInventory(tx, provider, className))) return { outcome: 'no-inventory', class: className };
      return upsert(tx, provider, new Map([[className, inventory]]));
    });
  }

  removeAll(providerUuid: string): Promise<InventoryOutcome> {
    return this.change(providerUuid, undefined, (tx, provider) => removeExcept(tx, provider, []));
  }

  removeOne(providerUuid: string, className: string): Promise<InventoryOutcome> {
    return this.change(providerUuid, undefined, async (tx, provider) => {
      if (!(await hasInventory(tx, provider, className))) return { outcome: 'no-inventory', class: className };
      return remove(tx, provider, 'k.name = $2', [className]);
    });
  }

  /** One write under the provider's lock; a refusal leaves everything as it was. An undefined generation is not compared. */
  private change(
    providerUuid: string,
    generation: number | undefined,
    write: (tx: Sql, provider: LockedProvider) => Promise<InventoryRefusal | undefined>,
  ): Promise<InventoryOutcome> {
    return this.db.transaction(async (tx) => {
      const provider = await lockProvider(tx, providerUuid);
      if (provider === undefined) return { outcome: 'not-found' };
      if (generation !== undefined && generation !== provider.generation) return { outcome: 'generation-conflict' };
      const refusal = await write(tx, provider);
      return refusal ?? { outcome: 'written', ...(await raiseGeneration(tx, provider.id)) };
    });
  }
}

async function unknownClass(tx: Sql, names: readonly string[]): Promise<InventoryRefusal | undefined> {
  const sql = `SELECT n.name FROM unnest($1::text[]) WITH ORDINALITY AS n (name, place)
               WHERE NOT EXISTS (SELECT FROM resource_classes k WHERE k.name = n.name) ORDER BY n.place LIMIT 1`;
  const row = await first<{ name: string }>(tx, sql, [names]);
  return row && { outcome: 'unknown-class', class: row.name };
}

async function hasInventory(tx: Sql, provider: LockedProvider, className: string): Promise<boolean> {
  const sql = `SELECT 1 FROM inventories i JOIN resource_classes k ON k.id = i.resource_class_id
               WHERE i.resource_provider_id = $1 AND k.name = $2`;
  return (await first(tx, sql, [provider.id, className])) !== undefined;
}

async function upsert(tx: Sql, provider: LockedProvider, inventories: Inventories): Promise<undefined> {
  if (inventories.size > 0) await tx.query(UPSERT, [provider.id, ...inventoryColumns(inventories)]);
}

const removeExcept = (tx: Sql, provider: LockedProvider, kept: readonly string[]): Promise<InventoryRefusal | undefined> =>
  remove(tx, provider, 'k.name <> ALL ($2)', [kept]);

/** Removes the inventories that the condition names, unless any of them is in use. */
async function remove(
  tx: Sql,
  provider: LockedProvider,
  condition: string,
  values: unknown[],
): Promise<InventoryRefusal | undefined> {
  const chosen = `i.resource_provider_id = $1 AND k.id = i.resource_class_id AND ${condition}`;
  const used = await tx.query<{ name: string }>(
    `SELECT k.name FROM inventories i, resource_classes k WHERE ${chosen} AND i.used > 0 ORDER BY k.id`,
    [provider.id, ...values],
  );
  if (used.length > 0) return { outcome: 'in-use', classes: used.map((row) => row.name) };
  await tx.query(`DELETE FROM inventories i USING resource_classes k WHERE ${chosen}`, [provider.id, ...values]);
  return undefined;
}
