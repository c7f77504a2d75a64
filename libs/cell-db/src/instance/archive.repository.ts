import { type Instance, messages } from '@kilonova/compute-objects';
import { OUTBOX_INSERT, portableCtx } from '@kilonova/messaging';
import { execute, rows, type Sql } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { leaveNoImages } from '../image-errand/image-errand.statements.js';
import { endMigrations } from '../migration/migration.statements.js';
import { ALL_COLUMNS, instanceColumns } from './instance.columns.js';
import { type InstanceRecord, toInstance } from './instance.mapper.js';

/** How a deleted instance reads; the other columns stay as they were. */
const FINAL: Partial<Record<(typeof ALL_COLUMNS)[number], string>> = {
  vm_state: `'deleted'`,
  task_state: 'NULL',
  power_state: '0',
  terminated_at: 'coalesce(terminated_at, now())',
  deleted_at: 'now()',
  updated_at: 'now()',
  revision: 'revision + 1',
};

const columns = ALL_COLUMNS.join(', ');
const finalColumns = ALL_COLUMNS.map((column) => FINAL[column] ?? column).join(', ');

/** Writes whole rows of `gone` into the archive, as deleted instances read. */
export const archiveInsert = (gone: string): string =>
  `INSERT INTO instances_archive AS i (${columns}) SELECT ${finalColumns} FROM ${gone} RETURNING ${instanceColumns('i')}`;

/** Tells the API level that the rows of `gone` are no more, in the statement that moves them: what they held there cannot be forgotten. */
export const sendDepartures = (gone: string, ctx: string): string => `
  ${OUTBOX_INSERT}
  SELECT gen_random_uuid(), 'api', 'conductor', NULL, '${messages.settleDepartures.name}', '${messages.settleDepartures.version}',
         jsonb_build_object('instance_uuids', jsonb_build_array(${gone}.uuid)), ${ctx} FROM ${gone}`;

/** Deleted instances: a live row moves to the archive, whole and in one statement. */
export class InstanceArchive {
  /**
   * Moves an instance to the archive, frees its place in a server group, ends its moves and its `delete` action and tells the
   * API level. The move is made only while the instance is on `host` (null: on no host; left out: anywhere). Undefined:
   * nothing was moved.
   */
  async move(sql: Sql, ctx: Ctx, uuid: string, host?: string | null): Promise<Instance | undefined> {
    const [row] = await rows<InstanceRecord>(
      sql,
      `WITH gone AS (
         DELETE FROM instances WHERE uuid = $1 AND (NOT $2::boolean OR host IS NOT DISTINCT FROM $3::text) RETURNING *
       ), freed AS (
         DELETE FROM group_placements g USING gone WHERE g.instance_uuid = gone.uuid
       ), ${endMigrations('gone', '$4::jsonb')}, finished AS (
         UPDATE instance_actions a SET finish_time = now(), updated_at = now()
           FROM gone WHERE a.instance_uuid = gone.uuid AND a.action = 'delete' AND a.finish_time IS NULL
       ), told AS (${sendDepartures('gone', '$4::jsonb')}
       ), ${leaveNoImages('gone', '$4::jsonb')}, archived AS (${archiveInsert('gone')})
       SELECT * FROM archived`,
      [uuid, host !== undefined, host ?? null, JSON.stringify(portableCtx(ctx, false))],
    );
    return row && toInstance(row);
  }

  /** A deleted instance as it was last; undefined when it never was here, or its partition was dropped. */
  async find(sql: Sql, uuid: string): Promise<Instance | undefined> {
    const [row] = await rows<InstanceRecord>(
      sql,
      `SELECT ${instanceColumns('i')} FROM instances_archive i WHERE uuid = $1 ORDER BY deleted_at DESC LIMIT 1`,
      [uuid],
    );
    return row && toInstance(row);
  }

  /** Forgets what was deleted before `before`, at most `limit` rows; returns how many. */
  async purge(sql: Sql, before: Date, limit: number): Promise<number> {
    return execute(
      sql,
      `DELETE FROM instances_archive WHERE (uuid, deleted_at) IN (
         SELECT uuid, deleted_at FROM instances_archive WHERE deleted_at < $1 ORDER BY deleted_at, uuid LIMIT $2)`,
      [before, limit],
    );
  }
}
