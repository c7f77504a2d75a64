import { rows, type Sql } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';
import type { Period } from './model/audit-time.js';
import type { UsedServer } from './model/tenant-usage.js';

export interface UsagePage {
  readonly period: Period;
  /** Null: of all projects. */
  readonly projectId: string | null;
  /** Only servers behind this one, in the order of uuids. */
  readonly after: string | null;
  readonly limit: number;
}

const columns = `uuid, display_name AS name, project_id, vm_state, launched_at, terminated_at, flavor ->> 'name' AS flavor,
  (flavor ->> 'vcpus')::int AS vcpus, (flavor ->> 'memory_mb')::int AS memory_mb,
  (flavor ->> 'root_gb')::int + (flavor ->> 'ephemeral_gb')::int AS local_gb`;

const part = (table: string): string => `
  SELECT ${columns} FROM ${table}
   WHERE launched_at < $2 AND (terminated_at IS NULL OR terminated_at > $1)
     AND ($3::text IS NULL OR project_id = $3) AND ($4::uuid IS NULL OR uuid > $4)`;

/** Servers of a cell that were there in a period, those deleted since included. */
@Injectable()
export class ServerUsageRepository {
  async page(sql: Sql, { period, projectId, after, limit }: UsagePage): Promise<UsedServer[]> {
    return rows(sql, `${part('instances')} UNION ALL ${part('instances_archive')} ORDER BY uuid LIMIT $5`, [
      period.from,
      period.until,
      projectId,
      after,
      limit,
    ]);
  }
}
