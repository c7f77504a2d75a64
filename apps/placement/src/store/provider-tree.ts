import { LOCK_NAMED } from '@kilonova/sql';
import { type ParentFault, parentFault } from '../model/resource-provider.js';
import { first, type Sql } from './sql.js';

const ANCESTORS = `
  WITH RECURSIVE up AS (
    SELECT id, uuid, parent_provider_id FROM resource_providers WHERE uuid = $1
    UNION SELECT p.id, p.uuid, p.parent_provider_id FROM resource_providers p JOIN up ON p.id = up.parent_provider_id
  ) SELECT uuid FROM up`;

const LOCK_SUBTREE = `
  WITH RECURSIVE down AS (
    SELECT id FROM resource_providers WHERE uuid = $1
    UNION SELECT p.id FROM resource_providers p JOIN down ON p.parent_provider_id = down.id
  ) SELECT id FROM resource_providers WHERE id IN (SELECT id FROM down) ORDER BY id FOR NO KEY UPDATE`;

const SET_PARENT = `
  UPDATE resource_providers p SET parent_provider_id = parent.id, updated_at = now()
  FROM (SELECT 1) AS one LEFT JOIN resource_providers parent ON parent.uuid = $2::uuid
  WHERE p.uuid = $1`;

const SET_ROOT = `
  UPDATE resource_providers member SET root_provider_id = coalesce(parent.root_provider_id, parent.id, moved.id), updated_at = now()
  FROM resource_providers moved LEFT JOIN resource_providers parent ON parent.id = moved.parent_provider_id
  WHERE moved.uuid = $1 AND member.id = ANY ($2)`;

/** Moves lock it, births of children share it. */
export const TREE_LOCK = 'placement.tree';

/**
 * Gives a provider another parent (null: none) and its whole subtree the root that follows from it. Moves take turns by
 * an advisory lock, so that two of them cannot close a loop together and a child is never born under a root that is left.
 * @returns what forbids it; undefined when done or nothing was to do.
 */
export async function moveProvider(
  tx: Sql,
  uuid: string,
  wanted: string | null,
  mayMove: boolean,
): Promise<ParentFault | undefined> {
  await tx.query(LOCK_NAMED, [TREE_LOCK]);
  const present = await first<{ parent: string | null }>(
    tx,
    `SELECT parent.uuid AS parent FROM resource_providers p
     LEFT JOIN resource_providers parent ON parent.id = p.parent_provider_id WHERE p.uuid = $1`,
    [uuid],
  );
  if (present === undefined || present.parent === wanted) return undefined;
  const above = wanted === null ? [] : (await tx.query<{ uuid: string }>(ANCESTORS, [wanted])).map((row) => row.uuid);
  const fault = parentFault(uuid, present.parent, wanted, above, mayMove);
  if (fault !== undefined) return fault;
  const subtree = (await tx.query<{ id: number }>(LOCK_SUBTREE, [uuid])).map((row) => row.id);
  await tx.query(SET_PARENT, [uuid, wanted]);
  await tx.query(SET_ROOT, [uuid, subtree]);
  return undefined;
}
