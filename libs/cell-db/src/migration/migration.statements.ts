import { FINAL_MIGRATION_STATUSES, messages } from '@kilonova/compute-objects';
import { OUTBOX_INSERT } from '@kilonova/messaging';

/** The statuses of moves that have ended, as a list in SQL. */
export const FINAL = FINAL_MIGRATION_STATUSES.map((status) => `'${status}'`).join(', ');

/**
 * CTEs that end the moves of deleted servers (rows of `gone`): one that was only to be confirmed is, others were cut short. The
 * hosts at both ends are told to remove what they still have of the guest, in the context `ctx` (SQL).
 */
export const endMigrations = (gone: string, ctx: string): string => `
  unmoved AS (
    UPDATE migrations m
       SET status = CASE WHEN m.status IN ('finished', 'confirming') THEN 'confirmed' ELSE 'error' END, updated_at = now()
      FROM ${gone} WHERE m.instance_uuid = ${gone}.uuid AND (m.status NOT IN (${FINAL}) OR m.status = 'error')
    RETURNING m.instance_uuid, m.source_compute, m.dest_compute
  ), forgotten AS (
    ${OUTBOX_INSERT}
    SELECT gen_random_uuid(), 'cell', 'compute', e.host, '${messages.forgetGuest.name}', '${messages.forgetGuest.version}',
           jsonb_build_object('host', e.host, 'instance_uuid', e.instance_uuid), ${ctx}
      FROM (SELECT DISTINCT u.instance_uuid, h.host FROM unmoved u, unnest(ARRAY[u.source_compute, u.dest_compute]) AS h (host)) e
     WHERE e.host IS NOT NULL
  )`;
