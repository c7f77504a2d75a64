import { rows, type Sql } from '@kilonova/sql';

export type MigrationType = 'migration' | 'resize' | 'live-migration' | 'evacuation';

/** A row of `migrations`. */
export interface MigrationRow {
  readonly id: number;
  readonly uuid: string;
  readonly instance_uuid: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly migration_type: MigrationType;
  readonly status: string;
  readonly source_compute: string | null;
  readonly source_node: string | null;
  readonly dest_compute: string | null;
  readonly dest_node: string | null;
  readonly dest_host: string | null;
  readonly old_instance_type_id: number | null;
  readonly new_instance_type_id: number | null;
  readonly hidden: boolean;
  /** Bytes; null before a live migration's first word of them, and for other moves. */
  readonly memory_total: number | null;
  readonly memory_processed: number | null;
  readonly memory_remaining: number | null;
  readonly disk_total: number | null;
  readonly disk_processed: number | null;
  readonly disk_remaining: number | null;
  readonly created_at: Date;
  readonly updated_at: Date | null;
}

/** What is left out does not narrow the list. */
export interface MigrationFilter {
  /** Source or destination. */
  readonly host?: string;
  readonly source_compute?: string;
  readonly instance_uuid?: string;
  readonly status?: string;
  readonly migration_type?: string;
  readonly project_id?: string;
  readonly user_id?: string;
  /** True finds none: clients can ask, and are never shown. */
  readonly hidden?: boolean;
  /** Of the last change, both ends included. */
  readonly since?: Date;
  readonly before?: Date;
  /** Only those that come after this one in the list. */
  readonly after?: Pick<MigrationRow, 'created_at' | 'uuid'>;
}

/** bigint arrives as text; bytes of one guest fit a double. */
const BYTES = ['memory', 'disk'].flatMap((of) =>
  ['total', 'processed', 'remaining'].map((part) => `m.${of}_${part}::float8 AS ${of}_${part}`),
);
const SELECT = `SELECT m.*, ${BYTES.join(', ')} FROM migrations m`;
const CHANGED = 'coalesce(m.updated_at, m.created_at)';

/** Live migrations that can be looked at one by one. Source: Nova. */
export const LIVE_UNDER_WAY: readonly string[] = ['queued', 'preparing', 'running', 'post-migrating'];

/** Moves of a cell's servers, newest first; those that are hidden from listings are not listed. */
export class MigrationRepository {
  async find(sql: Sql, uuid: string): Promise<MigrationRow | undefined> {
    const [found] = await rows<MigrationRow>(sql, `${SELECT} WHERE m.uuid = $1`, [uuid]);
    return found;
  }

  /** By the number that clients name it with. */
  async findOfServer(sql: Sql, instanceUuid: string, id: number): Promise<MigrationRow | undefined> {
    const [found] = await rows<MigrationRow>(sql, `${SELECT} WHERE m.instance_uuid = $1 AND m.id = $2`, [instanceUuid, id]);
    return found;
  }

  /** A server's live migrations that are under way. */
  async liveOfServer(sql: Sql, instanceUuid: string): Promise<MigrationRow[]> {
    return rows(
      sql,
      `${SELECT} WHERE m.instance_uuid = $1 AND m.migration_type = 'live-migration' AND m.status = ANY($2) ORDER BY m.id`,
      [instanceUuid, LIVE_UNDER_WAY],
    );
  }

  async list(sql: Sql, filter: MigrationFilter, limit: number): Promise<MigrationRow[]> {
    return rows(sql, LIST, [
      filter.host ?? null,
      filter.source_compute ?? null,
      filter.instance_uuid ?? null,
      filter.status ?? null,
      filter.migration_type ?? null,
      filter.project_id ?? null,
      filter.user_id ?? null,
      filter.hidden ?? false,
      filter.since ?? null,
      filter.before ?? null,
      filter.after?.created_at ?? null,
      filter.after?.uuid ?? null,
      limit,
    ]);
  }

  /**
   * Those of the given uuids that are migrations which may rightly hold something: the unfinished ones, and those that
   * ended in error, as a failed revert leaves the source with its migration for as long as the instance lives.
   */
  async holding(sql: Sql, uuids: readonly string[]): Promise<Set<string>> {
    const found = await rows<{ uuid: string }>(sql, HOLDING, [uuids]);
    return new Set(found.map((row) => row.uuid));
  }
}

const HOLDING = `
  SELECT m.uuid FROM migrations m
   WHERE m.uuid = ANY($1::uuid[])
     AND (m.status NOT IN ('confirmed', 'reverted', 'error', 'failed', 'completed', 'cancelled', 'done')
          OR m.status = 'error' AND EXISTS (SELECT 1 FROM instances i WHERE i.uuid = m.instance_uuid))`;

/** Times are compared to the millisecond, as they are handed out. */
const LIST = `${SELECT}
   WHERE ($1::text IS NULL OR m.source_compute = $1 OR m.dest_compute = $1)
     AND ($2::text IS NULL OR m.source_compute = $2)
     AND ($3::uuid IS NULL OR m.instance_uuid = $3)
     AND ($4::text IS NULL OR m.status = $4)
     AND ($5::text IS NULL OR m.migration_type = $5)
     AND ($6::text IS NULL OR m.project_id = $6)
     AND ($7::text IS NULL OR m.user_id = $7)
     AND NOT m.hidden AND NOT $8::boolean
     AND ($9::timestamptz IS NULL OR ${CHANGED} >= $9)
     AND ($10::timestamptz IS NULL OR ${CHANGED} <= $10)
     AND ($11::timestamptz IS NULL OR (date_trunc('milliseconds', m.created_at), m.uuid) < ($11, $12::uuid))
   ORDER BY date_trunc('milliseconds', m.created_at) DESC, m.uuid DESC LIMIT $13`;
