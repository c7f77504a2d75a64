import type { InstanceActionRow } from '@kilonova/cell-db';
import { rows, type Sql } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';

export interface ActionQuestion {
  readonly limit: number;
  /** Only older ones than this request's. */
  readonly marker?: string;
  readonly since?: Date;
  readonly before?: Date;
}

/** Pages of what was asked of a server, newest first. */
@Injectable()
export class ActionPageRepository {
  async list(sql: Sql, instanceUuid: string, { limit, marker, since, before }: ActionQuestion): Promise<InstanceActionRow[]> {
    return rows(
      sql,
      `SELECT * FROM instance_actions a
        WHERE a.instance_uuid = $1
          AND ($3::text IS NULL OR (a.created_at, a.id) < (SELECT m.created_at, m.id FROM instance_actions m WHERE m.instance_uuid = $1 AND m.request_id = $3 ORDER BY m.id DESC LIMIT 1))
          AND ($4::timestamptz IS NULL OR a.updated_at >= $4) AND ($5::timestamptz IS NULL OR a.updated_at <= $5)
        ORDER BY a.created_at DESC, a.id DESC LIMIT $2`,
      [instanceUuid, limit, marker ?? null, since ?? null, before ?? null],
    );
  }
}
