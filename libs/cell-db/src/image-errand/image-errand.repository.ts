import { execute, rows, type Sql } from '@kilonova/sql';

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
