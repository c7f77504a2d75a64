import type { ConsumerClaim } from '../model/allocation.js';
import type { DataSourceDatabase } from '../store/placement-database.js';

/** A claim of a consumer that must not exist yet; details may be given otherwise. */
export const claimOf = (
  consumerUuid: string,
  wants: ConsumerClaim['wants'],
  more: Partial<ConsumerClaim> = {},
): ConsumerClaim => ({
  consumerUuid,
  projectId: 'project',
  userId: 'user',
  consumerType: 'INSTANCE',
  generation: null,
  wants,
  ...more,
});

/** A uuid that is the same each time. */
export const uuidOf = (kind: number, n: number): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** Providers with one inventory of each class; totals by class. Answers their uuids. */
export async function seedProviders(
  db: DataSourceDatabase,
  count: number,
  totals: Readonly<Record<string, number>>,
): Promise<string[]> {
  const uuids = Array.from({ length: count }, (_, n) => uuidOf(1, n));
  await db.query(
    `WITH made AS (INSERT INTO resource_providers (uuid, name) SELECT u, 'p-' || u FROM unnest($1::uuid[]) AS u RETURNING id)
     INSERT INTO inventories (resource_provider_id, resource_class_id, total)
     SELECT made.id, k.id, t.total FROM made, unnest($2::text[], $3::int[]) AS t (class, total) JOIN resource_classes k ON k.name = t.class`,
    [uuids, Object.keys(totals), Object.values(totals)],
  );
  return uuids;
}

/** Everything given back. */
export const wipeClaims = async (db: DataSourceDatabase): Promise<void> => {
  await db.query('DELETE FROM allocations');
  await db.query('DELETE FROM consumers');
  await db.query('UPDATE inventories SET used = 0 WHERE used <> 0');
};
