import { FINAL_MIGRATION_STATUSES } from '@kilonova/compute-objects';

/** The statuses of moves that have ended, as a list in SQL. */
export const FINAL = FINAL_MIGRATION_STATUSES.map((status) => `'${status}'`).join(', ');

/** A CTE that ends the moves of deleted servers (rows of `gone`): one that was only to be confirmed is, others were cut short. */
export const endMigrations = (gone: string): string => `
  unmoved AS (
    UPDATE migrations m
       SET status = CASE WHEN m.status IN ('finished', 'confirming') THEN 'confirmed' ELSE 'error' END, updated_at = now()
      FROM ${gone} WHERE m.instance_uuid = ${gone}.uuid AND m.status NOT IN (${FINAL})
  )`;
