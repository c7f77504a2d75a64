import { isForeignKeyViolation, isUniqueViolation, SHARE_NAMED } from '@kilonova/sql';
import { Inject, Injectable } from '@nestjs/common';
import type {
  CreateProviderOutcome,
  DeleteProviderOutcome,
  NewProvider,
  ProviderChange,
  ResourceProvider,
  UpdateProviderOutcome,
} from '../model/resource-provider.js';
import { moveProvider, TREE_LOCK } from './provider-tree.js';
import { first, PlacementDatabase, type Sql } from './sql.js';

const SELECT_PROVIDER = `
  SELECT p.id, p.uuid, p.name, p.generation, parent.uuid AS "parentUuid", root.uuid AS "rootUuid",
         greatest(p.created_at, p.updated_at) AS modified
  FROM resource_providers p
  JOIN resource_providers root ON root.id = coalesce(p.root_provider_id, p.id)
  LEFT JOIN resource_providers parent ON parent.id = p.parent_provider_id
  WHERE p.uuid = $1`;

const INSERT_PROVIDER = `
  INSERT INTO resource_providers (id, uuid, name, root_provider_id, parent_provider_id)
  SELECT new.id, $1, $2, coalesce(parent.root_provider_id, parent.id, new.id), parent.id
  FROM (SELECT nextval('resource_providers_id_seq')::integer AS id) AS new
  LEFT JOIN resource_providers parent ON parent.uuid = $3::uuid
  WHERE $3::uuid IS NULL OR parent.id IS NOT NULL
  RETURNING id`;

const DELETE_PROVIDER = `
  WITH i AS (DELETE FROM inventories WHERE resource_provider_id = $1),
       a AS (DELETE FROM resource_provider_aggregates WHERE resource_provider_id = $1),
       t AS (DELETE FROM resource_provider_traits WHERE resource_provider_id = $1)
  DELETE FROM resource_providers WHERE id = $1`;

/** Providers one at a time. Lists and searches are the read model's. */
@Injectable()
export class ResourceProviderRepository {
  constructor(@Inject(PlacementDatabase) private readonly db: PlacementDatabase) {}

  find(uuid: string): Promise<ResourceProvider | undefined> {
    return first<ResourceProvider>(this.db, SELECT_PROVIDER, [uuid]);
  }

  async create(provider: NewProvider): Promise<CreateProviderOutcome> {
    if (provider.parentUuid === provider.uuid) return { outcome: 'own-parent' };
    try {
      return await this.db.transaction((tx) => insert(tx, provider));
    } catch (error) {
      return refusalOf(error);
    }
  }

  async update(uuid: string, change: ProviderChange): Promise<UpdateProviderOutcome> {
    try {
      return await this.db.transaction((tx) => write(tx, uuid, change));
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** Deletes a provider with its inventories, aggregate links and traits, unless something hangs on it. */
  async remove(uuid: string): Promise<DeleteProviderOutcome> {
    try {
      return await this.db.transaction((tx) => removeProvider(tx, uuid));
    } catch (error) {
      // A child or an allocation came between the look and the deletion; the foreign keys saw it.
      if (!isForeignKeyViolation(error)) throw error;
      return (await this.hasChildren(uuid)) ? 'has-children' : 'has-allocations';
    }
  }

  private async hasChildren(uuid: string): Promise<boolean> {
    const sql = `SELECT 1 FROM resource_providers c JOIN resource_providers p ON p.id = c.parent_provider_id
                 WHERE p.uuid = $1 LIMIT 1`;
    return (await first(this.db, sql, [uuid])) !== undefined;
  }
}

/** A new child must not be given the root that its parent is just being moved away from: see `moveProvider`. */
async function insert(tx: Sql, provider: NewProvider): Promise<CreateProviderOutcome> {
  if (provider.parentUuid !== null) await tx.query(SHARE_NAMED, [TREE_LOCK]);
  const inserted = await tx.query(INSERT_PROVIDER, [provider.uuid, provider.name, provider.parentUuid]);
  if (inserted.length === 0) return { outcome: 'unknown-parent' };
  const created = await first<ResourceProvider>(tx, SELECT_PROVIDER, [provider.uuid]);
  return { outcome: 'created', provider: created as ResourceProvider };
}

async function write(tx: Sql, uuid: string, change: ProviderChange): Promise<UpdateProviderOutcome> {
  if (change.parentUuid !== undefined) {
    const fault = await moveProvider(tx, uuid, change.parentUuid, change.mayMove);
    if (fault !== undefined) return { outcome: fault };
  }
  await tx.query('UPDATE resource_providers SET name = $2, updated_at = now() WHERE uuid = $1', [uuid, change.name]);
  const provider = await first<ResourceProvider>(tx, SELECT_PROVIDER, [uuid]);
  return provider === undefined ? { outcome: 'not-found' } : { outcome: 'updated', provider };
}

async function removeProvider(tx: Sql, uuid: string): Promise<DeleteProviderOutcome> {
  const found = await first<{ id: number; children: boolean; allocations: boolean }>(
    tx,
    `SELECT p.id,
            EXISTS (SELECT FROM resource_providers c WHERE c.parent_provider_id = p.id) AS children,
            EXISTS (SELECT FROM allocations a WHERE a.resource_provider_id = p.id) AS allocations
     FROM resource_providers p WHERE p.uuid = $1 FOR UPDATE OF p`,
    [uuid],
  );
  if (found === undefined) return 'not-found';
  if (found.children) return 'has-children';
  if (found.allocations) return 'has-allocations';
  await tx.query(DELETE_PROVIDER, [found.id]);
  return 'deleted';
}

/** What a violated constraint means for who creates or changes a provider; any other error is thrown on. */
function refusalOf(error: unknown): { outcome: 'duplicate'; field: 'name' | 'uuid' } | { outcome: 'unknown-parent' } {
  if (isUniqueViolation(error, 'resource_providers_uuid_key')) return { outcome: 'duplicate', field: 'uuid' };
  if (isUniqueViolation(error, 'resource_providers_name_key')) return { outcome: 'duplicate', field: 'name' };
  // The parent went between the look and the write.
  if (isForeignKeyViolation(error)) return { outcome: 'unknown-parent' };
  throw error;
}
