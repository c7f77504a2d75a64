import { Inject, Injectable } from '@nestjs/common';
import { PlacementDatabase } from './sql.js';

/** What is used of each class that a provider has, unused ones included. */
export interface ProviderUsages {
  readonly generation: number;
  readonly usages: Readonly<Record<string, number>>;
}

/** Whose usage is asked for. `consumerType`: a name, `all` (types are not told apart), `unknown` (those without one). */
export interface UsageFilter {
  readonly projectId: string;
  readonly userId?: string;
  readonly consumerType?: string;
}

/** What consumers of one type use together. */
export interface TypeUsage {
  readonly type: string;
  readonly consumerCount: number;
  readonly usages: Readonly<Record<string, number>>;
}

const OF_PROVIDER = `
  SELECT p.generation, k.name AS class, i.used::float8 AS used
  FROM resource_providers p
  LEFT JOIN inventories i ON i.resource_provider_id = p.id
  LEFT JOIN resource_classes k ON k.id = i.resource_class_id
  WHERE p.uuid = $1 ORDER BY k.id`;

const OF_PROJECT = `
  WITH held AS (
    SELECT CASE WHEN $3 = 'all' THEN 'all' ELSE coalesce(t.name, 'unknown') END AS type, c.uuid, a.resource_class_id, a.used
    FROM consumers c
    JOIN projects pr ON pr.id = c.project_id
    JOIN users u ON u.id = c.user_id
    JOIN allocations a ON a.consumer_id = c.uuid
    LEFT JOIN consumer_types t ON t.id = c.consumer_type_id
    WHERE pr.external_id = $1 AND ($2::text IS NULL OR u.external_id = $2)
      AND ($3::text IS NULL OR $3 = 'all' OR CASE WHEN $3 = 'unknown' THEN t.id IS NULL ELSE t.name = $3 END)
  )
  SELECT held.type, k.name AS class, sum(held.used)::float8 AS used, count(DISTINCT held.uuid)::int AS consumers
  FROM held LEFT JOIN resource_classes k ON k.id = held.resource_class_id
  GROUP BY GROUPING SETS ((held.type), (held.type, k.id, k.name)) ORDER BY held.type, k.id NULLS FIRST`;

/** What is used, of a provider or by a project. */
@Injectable()
export class UsageRepository {
  constructor(@Inject(PlacementDatabase) private readonly db: PlacementDatabase) {}

  /** undefined when there is no such provider. */
  async ofProvider(uuid: string): Promise<ProviderUsages | undefined> {
    const rows = await this.db.query<{ generation: number; class: string | null; used: number }>(OF_PROVIDER, [uuid]);
    const head = rows[0];
    if (head === undefined) return undefined;
    const present = rows.filter((row) => row.class !== null);
    return { generation: head.generation, usages: Object.fromEntries(present.map((row) => [row.class, row.used])) };
  }

  /** One element a consumer type that holds anything; an empty list when nothing is held. */
  async ofProject(filter: UsageFilter): Promise<TypeUsage[]> {
    const rows = await this.db.query<{ type: string; class: string | null; used: number; consumers: number }>(OF_PROJECT, [
      filter.projectId,
      filter.userId ?? null,
      filter.consumerType ?? null,
    ]);
    return rows
      .filter((row) => row.class === null)
      .map((total) => ({
        type: total.type,
        consumerCount: total.consumers,
        usages: Object.fromEntries(rows.filter((r) => r.type === total.type && r.class !== null).map((r) => [r.class, r.used])),
      }));
  }
}
