import type { IncompleteConsumer } from '../http/allocation-body.js';
import { first, type PlacementDatabase } from './sql.js';

/** How many rows a data migration found to be done, and how many of them it did. */
export interface Migrated {
  readonly found: number;
  readonly completed: number;
}

const COUNT_ROOTLESS = 'SELECT count(*)::int AS found FROM resource_providers WHERE root_provider_id IS NULL';

const SET_ROOTS = `
  WITH RECURSIVE todo AS (
    SELECT id FROM resource_providers WHERE root_provider_id IS NULL ORDER BY id LIMIT $1 FOR NO KEY UPDATE
  ), up AS (
    SELECT p.id AS start, p.id, p.parent_provider_id FROM resource_providers p JOIN todo ON todo.id = p.id
    UNION ALL
    SELECT up.start, p.id, p.parent_provider_id FROM up JOIN resource_providers p ON p.id = up.parent_provider_id
  )
  UPDATE resource_providers p SET root_provider_id = up.id, updated_at = now()
  FROM up WHERE up.parent_provider_id IS NULL AND p.id = up.start RETURNING p.id`;

const COUNT_INCOMPLETE = `
  SELECT count(DISTINCT a.consumer_id)::int AS found FROM allocations a
  WHERE NOT EXISTS (SELECT FROM consumers c WHERE c.uuid = a.consumer_id)`;

const CREATE_CONSUMERS = `
  INSERT INTO consumers (uuid, project_id, user_id)
  SELECT missing.consumer_id, p.id, u.id
  FROM (SELECT DISTINCT a.consumer_id FROM allocations a
        WHERE NOT EXISTS (SELECT FROM consumers c WHERE c.uuid = a.consumer_id) ORDER BY a.consumer_id LIMIT $3) AS missing,
       projects p, users u
  WHERE p.external_id = $1 AND u.external_id = $2
  ON CONFLICT DO NOTHING RETURNING id`;

/** How many providers have no root noted. */
export const countRootless = async (db: PlacementDatabase): Promise<number> =>
  (await first<{ found: number }>(db, COUNT_ROOTLESS, []))?.found ?? 0;

/** How many consumers hold allocations but have no row. */
export const countIncompleteConsumers = async (db: PlacementDatabase): Promise<number> =>
  (await first<{ found: number }>(db, COUNT_INCOMPLETE, []))?.found ?? 0;

/** Notes the root of up to `batch` providers that have none noted: the topmost ancestor. */
export async function setRootProviderIds(db: PlacementDatabase, batch: number): Promise<Migrated> {
  const found = await countRootless(db);
  if (found === 0) return { found, completed: 0 };
  return { found, completed: (await db.query(SET_ROOTS, [batch])).length };
}

/** Gives up to `batch` consumers that hold allocations a row, under the project and user for incomplete ones. */
export async function createIncompleteConsumers(
  db: PlacementDatabase,
  owner: IncompleteConsumer,
  batch: number,
): Promise<Migrated> {
  const found = await countIncompleteConsumers(db);
  if (found === 0) return { found, completed: 0 };
  await db.query('INSERT INTO projects (external_id) VALUES ($1) ON CONFLICT DO NOTHING', [owner.projectId]);
  await db.query('INSERT INTO users (external_id) VALUES ($1) ON CONFLICT DO NOTHING', [owner.userId]);
  return { found, completed: (await db.query(CREATE_CONSUMERS, [owner.projectId, owner.userId, batch])).length };
}
