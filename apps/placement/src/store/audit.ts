import type { Sql } from './sql.js';

/** A place where the database contradicts itself or its inventories. */
export interface AuditFinding {
  readonly kind: 'used-differs' | 'over-capacity' | 'consumer-without-allocations' | 'allocations-without-consumer';
  /** The provider or consumer. */
  readonly uuid: string;
  readonly class: string | null;
  /** What is noted, and what it should be. */
  readonly noted: number | null;
  readonly actual: number | null;
}

const FINDINGS = `
  SELECT * FROM (
    SELECT 'used-differs' AS kind, p.uuid, k.name AS class, i.used::float8 AS noted, coalesce(sum(a.used), 0)::float8 AS actual
    FROM inventories i
    JOIN resource_providers p ON p.id = i.resource_provider_id
    JOIN resource_classes k ON k.id = i.resource_class_id
    LEFT JOIN allocations a ON a.resource_provider_id = i.resource_provider_id AND a.resource_class_id = i.resource_class_id
    GROUP BY p.uuid, k.name, i.used HAVING i.used <> coalesce(sum(a.used), 0)
    UNION ALL
    SELECT 'over-capacity', p.uuid, k.name, i.used::float8, trunc((i.total - i.reserved) * i.allocation_ratio)
    FROM inventories i
    JOIN resource_providers p ON p.id = i.resource_provider_id
    JOIN resource_classes k ON k.id = i.resource_class_id
    WHERE i.used > (i.total - i.reserved) * i.allocation_ratio
    UNION ALL
    SELECT 'consumer-without-allocations', c.uuid, NULL, NULL, NULL FROM consumers c
    WHERE NOT EXISTS (SELECT FROM allocations a WHERE a.consumer_id = c.uuid)
    UNION ALL
    SELECT DISTINCT 'allocations-without-consumer', a.consumer_id, NULL, NULL::float8, NULL::float8 FROM allocations a
    WHERE NOT EXISTS (SELECT FROM consumers c WHERE c.uuid = a.consumer_id)
  ) AS found ORDER BY kind, uuid, class LIMIT $1`;

/** Looks for contradictions, all in one snapshot. Reads every allocation once. */
export const findContradictions = (db: Sql, limit: number): Promise<AuditFinding[]> => db.query(FINDINGS, [limit]);
