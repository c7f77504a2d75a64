import { messages } from '@kilonova/compute-objects';
import { OUTBOX_INSERT, portableCtx } from '@kilonova/messaging';
import { execute, rows, type Sql } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';

/** Something to be done about images of one server. */
export type ImageErrand = { readonly id: string } & (
  | { readonly image_id: string }
  /** Of the backups of this type the newest `keep` stay. */
  | { readonly image_id: null; readonly backup_type: string; readonly keep: number }
);

/** What is to be done about images of a cell's servers, in the order in which it came up. */
export class ImageErrandRepository {
  async ofInstance(sql: Sql, instanceUuid: string): Promise<ImageErrand[]> {
    return rows(
      sql,
      'SELECT id::text, image_id, backup_type, keep FROM image_errands WHERE instance_uuid = $1 ORDER BY id LIMIT 100',
      [instanceUuid],
    );
  }

  /** Images of one server are needed no more; the conductor above is told, both or neither. */
  async note(sql: Sql, ctx: Ctx, instanceUuid: string, imageIds: readonly string[]): Promise<void> {
    await execute(sql, NOTE, [instanceUuid, imageIds, JSON.stringify(portableCtx(ctx, false))]);
  }

  async done(sql: Sql, ids: readonly string[]): Promise<void> {
    await execute(sql, 'DELETE FROM image_errands WHERE id = ANY($1::bigint[])', [ids]);
  }

  /** Servers with errands that have waited longer than `seconds`: the message that told of them was lost. */
  async waiting(sql: Sql, seconds: number, limit: number): Promise<string[]> {
    const found = await rows<{ instance_uuid: string }>(
      sql,
      `SELECT instance_uuid FROM image_errands WHERE created_at < now() - make_interval(secs => $1)
        GROUP BY instance_uuid ORDER BY min(created_at) LIMIT $2`,
      [seconds, limit],
    );
    return found.map((row) => row.instance_uuid);
  }
}

const { topic, name, version } = messages.tendImages;

const NOTE = `
  WITH errands AS (
    INSERT INTO image_errands (instance_uuid, image_id) SELECT $1::uuid, unnest($2::uuid[]) RETURNING instance_uuid
  )
  ${OUTBOX_INSERT}
  SELECT gen_random_uuid(), 'api', '${topic}', NULL, '${name}', '${version}', jsonb_build_object('instance_uuid', instance_uuid), $3::jsonb
    FROM (SELECT DISTINCT instance_uuid FROM errands) AS told`;
