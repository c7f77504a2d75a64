import { type Flavor, type Instance, type Migration, type MigrationStatus, type MigrationType } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import { FINAL } from './migration.statements.js';

/** A row of `migrations`. */
export interface MigrationRow {
  readonly id: number;
  readonly uuid: string;
  readonly instance_uuid: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly migration_type: MigrationType;
  readonly status: MigrationStatus;
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
  readonly source_node_uuid: string | null;
  readonly source_zone: string | null;
  readonly dest_node_uuid: string | null;
  readonly dest_zone: string | null;
  /** Null where the move keeps the flavor. */
  readonly old_flavor: Flavor | null;
  readonly new_flavor: Flavor | null;
  readonly created_at: Date;
  readonly updated_at: Date | null;
}

/** What agents are told of a move. */
export const toMigration = (row: MigrationRow): Migration => ({
  uuid: row.uuid,
  migration_type: row.migration_type,
  source_compute: row.source_compute ?? '',
  source_node: row.source_node ?? '',
  dest_compute: row.dest_compute,
  dest_node: row.dest_node,
  old_flavor: row.old_flavor,
  new_flavor: row.new_flavor,
});

/** A server whose move waits to be confirmed, as it is now. */
export type Unconfirmed = Pick<Instance, 'uuid' | 'vm_state' | 'task_state' | 'host'>;

/** A server that was made anew on another host. */
export interface EvacuatedServer {
  readonly migration_uuid: string;
  readonly instance_uuid: string;
  /** The node that it was lost with. */
  readonly source_node_uuid: string | null;
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

  /** Servers that were made anew elsewhere and of which something may be left on this host. */
  async evacuatedFrom(sql: Sql, host: string): Promise<EvacuatedServer[]> {
    return rows(
      sql,
      `SELECT m.uuid AS migration_uuid, m.instance_uuid, m.source_node_uuid FROM migrations m
        WHERE m.source_compute = $1 AND m.migration_type = 'evacuation' AND m.status = 'done' ORDER BY m.id`,
      [host],
    );
  }

  /** A server's live migrations that are under way. */
  async liveOfServer(sql: Sql, instanceUuid: string): Promise<MigrationRow[]> {
    return rows(
      sql,
      `${SELECT} WHERE m.instance_uuid = $1 AND m.migration_type = 'live-migration' AND m.status = ANY($2) ORDER BY m.id`,
      [instanceUuid, LIVE_UNDER_WAY],
    );
  }

  /** The server's newest move in a status. */
  async inStatus(sql: Sql, instanceUuid: string, status: MigrationStatus): Promise<MigrationRow | undefined> {
    const [found] = await rows<MigrationRow>(
      sql,
      `${SELECT} WHERE m.instance_uuid = $1 AND m.status = $2 ORDER BY m.id DESC LIMIT 1`,
      [instanceUuid, status],
    );
    return found;
  }

  /** Brings a move from one status to another. False: it is not in `from` (any more). */
  async advance(sql: Sql, uuid: string, from: MigrationStatus, to: MigrationStatus): Promise<boolean> {
    const changed = 'UPDATE migrations SET status = $3, updated_at = now() WHERE uuid = $1 AND status = $2 RETURNING id';
    return (await rows(sql, changed, [uuid, from, to])).length > 0;
  }

  /** The server's moves that have not ended. */
  async unfinished(sql: Sql, instanceUuid: string): Promise<MigrationRow[]> {
    return rows(sql, `${SELECT} WHERE m.instance_uuid = $1 AND m.status NOT IN (${FINAL}) ORDER BY m.id`, [instanceUuid]);
  }

  /** Servers whose move has waited for longer than `seconds` to be confirmed, and whose source is up. */
  async unconfirmed(sql: Sql, seconds: number, serviceDownSeconds: number, limit: number): Promise<Unconfirmed[]> {
    return rows(sql, UNCONFIRMED, [seconds, serviceDownSeconds, limit]);
  }

  /** Uuids of a server's moves that may hold something in placement for it: all but those that ended well. */
  async mayHold(sql: Sql, instanceUuid: string): Promise<string[]> {
    const found = await rows<{ uuid: string }>(
      sql,
      `SELECT uuid FROM migrations WHERE instance_uuid = $1 AND (status NOT IN (${FINAL}) OR status = 'error')`,
      [instanceUuid],
    );
    return found.map((row) => row.uuid);
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

const UNCONFIRMED = `
  SELECT i.uuid, i.vm_state, i.task_state, i.host FROM migrations m JOIN instances i ON i.uuid = m.instance_uuid
   WHERE m.status = 'finished' AND m.updated_at < now() - make_interval(secs => $1) AND i.vm_state = 'resized' AND i.task_state IS NULL
     AND EXISTS (SELECT FROM services s WHERE s.host = m.source_compute AND s."binary" = 'nova-compute' AND NOT s.forced_down
                    AND s.last_seen_up > now() - make_interval(secs => $2))
     AND NOT EXISTS (SELECT FROM operations o WHERE o.instance_uuid = i.uuid)
   ORDER BY m.updated_at LIMIT $3`;

const HOLDING = `
  SELECT m.uuid FROM migrations m
   WHERE m.uuid = ANY($1::uuid[])
     AND (m.status NOT IN (${FINAL})
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
