import { execute, rows, type Sql } from '@kilonova/sql';

/** Limits by resource; -1 is no limit. */
export type Limits = Readonly<Record<string, number>>;

/** What administrators have set, strongest first: of a user in the project, of the project, of the class `default`. */
export interface StoredLimits {
  readonly user: Limits;
  readonly project: Limits;
  readonly defaults: Limits;
}

/** Limits that administrators set; what they did not set comes from the configuration. */
export class QuotaLimitRepository {
  async stored(sql: Sql, projectId: string, userId: string): Promise<StoredLimits> {
    const [found] = await rows<{ user_limits: Limits; project_limits: Limits; class_limits: Limits }>(sql, STORED, [
      projectId,
      userId,
    ]);
    return { user: found?.user_limits ?? {}, project: found?.project_limits ?? {}, defaults: found?.class_limits ?? {} };
  }

  async classLimits(sql: Sql, className: string): Promise<Limits> {
    const found = await rows<{ resource: string; hard_limit: number }>(
      sql,
      'SELECT resource, hard_limit FROM quota_classes WHERE class_name = $1',
      [className],
    );
    return Object.fromEntries(found.map((row) => [row.resource, row.hard_limit]));
  }

  /** @param userId empty: the limits of the whole project */
  async set(sql: Sql, projectId: string, userId: string, limits: Limits): Promise<void> {
    await execute(
      sql,
      `INSERT INTO quotas (project_id, user_id, resource, hard_limit)
       SELECT $1, $2, key, value::int FROM jsonb_each_text($3::jsonb)
       ON CONFLICT (project_id, user_id, resource) DO UPDATE SET hard_limit = excluded.hard_limit`,
      [projectId, userId, JSON.stringify(limits)],
    );
  }

  async setClass(sql: Sql, className: string, limits: Limits): Promise<void> {
    await execute(
      sql,
      `INSERT INTO quota_classes (class_name, resource, hard_limit) SELECT $1, key, value::int FROM jsonb_each_text($2::jsonb)
       ON CONFLICT (class_name, resource) DO UPDATE SET hard_limit = excluded.hard_limit`,
      [className, JSON.stringify(limits)],
    );
  }

  /** Back to the defaults: of one user, or of the project and all its users when `userId` is empty. */
  async reset(sql: Sql, projectId: string, userId: string): Promise<void> {
    await execute(sql, `DELETE FROM quotas WHERE project_id = $1 AND ($2 = '' OR user_id = $2)`, [projectId, userId]);
  }
}

/** One row: the three levels as JSON. Also part of the statement that gathers what a boot needs. */
export const STORED_LIMITS_SELECT = (project: string, user: string): string => `
  (SELECT coalesce(jsonb_object_agg(resource, hard_limit), '{}') FROM quotas WHERE project_id = ${project} AND user_id = ${user}) AS user_limits,
  (SELECT coalesce(jsonb_object_agg(resource, hard_limit), '{}') FROM quotas WHERE project_id = ${project} AND user_id = '') AS project_limits,
  (SELECT coalesce(jsonb_object_agg(resource, hard_limit), '{}') FROM quota_classes WHERE class_name = 'default') AS class_limits`;

const STORED = `SELECT ${STORED_LIMITS_SELECT('$1', '$2')}`;
