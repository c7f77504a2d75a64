import type { Sql } from '../store/sql.js';

/**
 * Drops change marks older than the given age and notes up to where they are gone. A process that has not refreshed for
 * that long loads everything anew, so the age should be hours. Marks that some present snapshot may not see stay, so that
 * every new position is past the gap. Safe to run at any time, by several processes at once.
 * Answers how many marks went.
 */
export async function pruneChanges(sql: Sql, olderThanSeconds: number): Promise<number> {
  const rows = await sql.query<{ pruned: string | number }>(
    `WITH gone AS (
       DELETE FROM model_changes
       WHERE changed_at < now() - make_interval(secs => $1) AND xid < pg_snapshot_xmin(pg_current_snapshot()) RETURNING xid),
     last AS (SELECT xid FROM gone ORDER BY xid DESC LIMIT 1),
     noted AS (
       UPDATE model_state SET pruned_below = (last.xid::text::numeric + 1)::text::xid8 FROM last
       WHERE pruned_below <= last.xid)
     SELECT count(*) AS pruned FROM gone`,
    [olderThanSeconds],
  );
  return Number(rows[0]?.pruned);
}
