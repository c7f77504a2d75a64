import { type Instance, messages } from '@kilonova/compute-objects';
import { OUTBOX_INSERT, portableCtx } from '@kilonova/messaging';
import { rows, type Sql } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { instanceColumns } from './instance.columns.js';
import { type InstanceRecord, toInstance } from './instance.mapper.js';

/** A soft-deleted instance on a host. */
export type Reclaimable = Pick<Instance, 'uuid' | 'vm_state' | 'task_state'> & { readonly host: string };

/** Tells the API level that the instances of `changed` count against no quota, in the statement that makes them so. */
export const sendQuotaReleases = (changed: string, ctx: string): string => `
  ${OUTBOX_INSERT}
  SELECT gen_random_uuid(), 'api', 'conductor', NULL, '${messages.releaseQuota.name}', '${messages.releaseQuota.version}',
         jsonb_build_object('instance_uuids', jsonb_build_array(${changed}.uuid)), ${ctx} FROM ${changed}`;

/** Instances that were deleted with delay: their rows stay, and their guests, without power. */
export class SoftDeleteRepository {
  /**
   * Soft-deletes an instance whose host is not there to do it: what is under way ends, and its `delete` action. Undefined:
   * it is on another host by now, or gone.
   */
  async mark(sql: Sql, ctx: Ctx, uuid: string, host: string): Promise<Instance | undefined> {
    const [row] = await rows<InstanceRecord>(sql, MARK, [
      uuid,
      host,
      ctx.requestId,
      ctx.principal?.userId ?? null,
      ctx.principal?.projectId ?? null,
      JSON.stringify(portableCtx(ctx, false)),
    ]);
    return row && toInstance(row);
  }

  /** Which of these are soft-deleted, and nothing is being done to them. */
  async resting(sql: Sql, uuids: readonly string[]): Promise<string[]> {
    const found = await rows<{ uuid: string }>(
      sql,
      `SELECT uuid FROM instances WHERE uuid = ANY($1::uuid[]) AND vm_state = 'soft-delete' AND task_state IS NULL`,
      [uuids],
    );
    return found.map((row) => row.uuid);
  }

  /** What was soft-deleted longer than `seconds` ago, on hosts that live; the oldest first. */
  async expired(sql: Sql, seconds: number, serviceDownSeconds: number, limit: number): Promise<Reclaimable[]> {
    return rows(
      sql,
      `SELECT i.uuid, i.vm_state, i.task_state, i.host FROM instances i
        WHERE i.vm_state = 'soft-delete' AND i.task_state IS NULL AND i.deleted_at < now() - make_interval(secs => $1)
          AND EXISTS (SELECT FROM services s WHERE s.host = i.host AND s."binary" = 'nova-compute' AND NOT s.forced_down
                         AND s.last_seen_up > now() - make_interval(secs => $2))
        ORDER BY i.deleted_at LIMIT $3`,
      [seconds, serviceDownSeconds, limit],
    );
  }
}

const MARK = `
  WITH changed AS (
    UPDATE instances i SET vm_state = 'soft-delete', task_state = NULL, deleted_at = now(), revision = i.revision + 1, updated_at = now()
     WHERE i.uuid = $1 AND i.host = $2
    RETURNING ${instanceColumns('i')}
  ), dropped AS (
    DELETE FROM operations o USING changed WHERE o.instance_uuid = changed.uuid
  ), recorded AS (
    INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time, finish_time)
    SELECT 'delete', uuid, $3, $4, $5, now(), now() FROM changed
    ON CONFLICT (instance_uuid, request_id, action) DO NOTHING
  ), told AS (${sendQuotaReleases('changed', '$6::jsonb')})
  SELECT * FROM changed`;
