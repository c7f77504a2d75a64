import { execute, prepared, rows, type Sql } from '@kilonova/sql';

/** What servers take up. `ram` in MiB. */
export interface ServerUsage {
  readonly instances: number;
  readonly cores: number;
  readonly ram: number;
}

/** Usage of the whole project and of one user in it. */
export interface QuotaUsage {
  readonly project: ServerUsage;
  readonly user: ServerUsage;
}

/** A server and what it takes up. `memory_mb` in MiB. */
export interface HoldingServer {
  readonly uuid: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly vcpus: number;
  readonly memory_mb: number;
}

const NOTHING: ServerUsage = { instances: 0, cores: 0, ram: 0 };

export type UsageRow = ServerUsage & { readonly user_id: string };

/** Totals of project and user from their rows; what has no row holds nothing. */
export const usageOf = (found: readonly UsageRow[]): QuotaUsage => {
  const of = (wanted: boolean): ServerUsage => {
    const row = found.find((candidate) => (candidate.user_id === '') === wanted);
    return row === undefined ? NOTHING : { instances: row.instances, cores: row.cores, ram: row.ram };
  };
  return { project: of(true), user: of(false) };
};

/**
 * The ledger of what servers hold: a row per user and one (user '') for the project, changed by the transactions that
 * accept and end servers; each server's part is a row of its own, which `BootRepository.acceptMany` makes, so that it is given
 * back once and only once. The project's row is locked first, always, so that two of them cannot deadlock.
 */
export class QuotaLedgerRepository {
  async usage(sql: Sql, projectId: string, userId: string): Promise<QuotaUsage> {
    const found = await rows<UsageRow>(
      sql,
      `SELECT user_id, instances, cores, ram FROM quota_usages WHERE project_id = $1 AND user_id IN ('', $2)`,
      [projectId, userId],
    );
    return usageOf(found);
  }

  /**
   * Adds to what project and user hold and answers the new totals; the rows stay locked until the transaction ends, so
   * that who is over a limit can be told exactly, and rolled back.
   */
  async add(sql: Sql, projectId: string, userId: string, delta: ServerUsage): Promise<QuotaUsage> {
    return usageOf(await prepared<UsageRow>(sql, ADD, [projectId, userId, delta.instances, delta.cores, delta.ram]));
  }

  /** Takes back a part of what `add` has just added, in the same transaction. */
  async subtract(sql: Sql, projectId: string, userId: string, delta: ServerUsage): Promise<void> {
    await execute(
      sql,
      `UPDATE quota_usages SET instances = instances - $3::int, cores = cores - $4::int, ram = ram - $5::bigint
        WHERE project_id = $1 AND user_id IN ('', $2::text)`,
      [projectId, userId, delta.instances, delta.cores, delta.ram],
    );
  }

  /**
   * Brings what one server holds to `held`, and the totals of project and user with it; answers the new totals, as `add`
   * does. A server that holds nothing (it is deleted) still does afterwards, and undefined is answered.
   */
  async change(
    sql: Sql,
    instanceUuid: string,
    held: { readonly cores: number; readonly ram: number },
  ): Promise<QuotaUsage | undefined> {
    const found = await prepared<UsageRow>(sql, CHANGE, [instanceUuid, held.cores, held.ram]);
    return found.length === 0 ? undefined : usageOf(found);
  }

  /** Whether a server holds anything; what it holds stays locked until the transaction ends. */
  async holds(sql: Sql, instanceUuid: string): Promise<boolean> {
    return (await rows(sql, 'SELECT FROM quota_holdings WHERE instance_uuid = $1 FOR UPDATE', [instanceUuid])).length > 0;
  }

  /** Has a server hold what it takes up again. Answers the new totals, as `add` does. */
  async hold(sql: Sql, server: HoldingServer): Promise<QuotaUsage> {
    const { uuid, project_id: project, user_id: user, vcpus: cores, memory_mb: ram } = server;
    await execute(
      sql,
      'INSERT INTO quota_holdings (instance_uuid, project_id, user_id, cores, ram) VALUES ($1, $2, $3, $4, $5)',
      [uuid, project, user, cores, ram],
    );
    return this.add(sql, project, user, { instances: 1, cores, ram });
  }

  /** Gives back what servers hold; those that hold nothing (any more) are passed over. */
  async release(sql: Sql, instanceUuids: readonly string[]): Promise<void> {
    await prepared(sql, RELEASE, [instanceUuids]);
  }

  /** Projects whose totals are not the sums of what their servers hold. */
  async drifted(sql: Sql, limit: number): Promise<string[]> {
    const found = await rows<{ project_id: string }>(sql, DRIFTED, [limit]);
    return found.map((row) => row.project_id);
  }

  /** Makes a project's totals the sums of what its servers hold. To be run in a transaction, which keeps them locked. */
  async recount(sql: Sql, projectId: string): Promise<void> {
    // Two statements: what is summed up must be read after the lock is had.
    await rows(sql, 'SELECT FROM quota_usages WHERE project_id = $1 ORDER BY user_id FOR UPDATE', [projectId]);
    await rows(sql, RECOUNT, [projectId]);
  }
}

/** The rows of `usageOf` as JSON, for the statement that gathers what a boot needs. */
export const STORED_USAGE_SELECT = (project: string, user: string): string => `
  (SELECT coalesce(jsonb_agg(to_jsonb(u) - 'project_id'), '[]') FROM quota_usages u WHERE u.project_id = ${project} AND u.user_id IN ('', ${user})) AS usage`;

const ADD = `
  INSERT INTO quota_usages AS q (project_id, user_id, instances, cores, ram)
  SELECT $1, u, $3::int, $4::int, $5::bigint FROM unnest(ARRAY['', $2::text]) WITH ORDINALITY AS t (u, position) ORDER BY position
  ON CONFLICT (project_id, user_id) DO UPDATE
    SET instances = q.instances + excluded.instances, cores = q.cores + excluded.cores, ram = q.ram + excluded.ram
  RETURNING user_id, instances, cores, ram`;

const RELEASE = `
  WITH gone AS (
    DELETE FROM quota_holdings WHERE instance_uuid = ANY($1::uuid[]) RETURNING project_id, user_id, cores, ram
  ), sums AS (
    SELECT project_id, u AS user_id, count(*)::int AS instances, sum(cores)::int AS cores, sum(ram)::bigint AS ram
      FROM gone, unnest(ARRAY['', user_id]) AS u GROUP BY project_id, u
  ), locked AS MATERIALIZED (
    SELECT q.project_id, q.user_id FROM quota_usages q JOIN sums USING (project_id, user_id) ORDER BY q.project_id, q.user_id FOR UPDATE OF q
  )
  UPDATE quota_usages q
     SET instances = greatest(0, q.instances - s.instances), cores = greatest(0, q.cores - s.cores), ram = greatest(0, q.ram - s.ram)
    FROM sums s JOIN locked USING (project_id, user_id) WHERE q.project_id = s.project_id AND q.user_id = s.user_id`;

// The totals are locked before the holding, in the order that everybody locks them.
const CHANGE = `
  WITH locked AS MATERIALIZED (
    SELECT q.project_id, q.user_id FROM quota_usages q JOIN quota_holdings h ON h.project_id = q.project_id AND q.user_id IN ('', h.user_id)
     WHERE h.instance_uuid = $1 ORDER BY q.project_id, q.user_id FOR UPDATE OF q
  ), before AS MATERIALIZED (
    SELECT h.* FROM quota_holdings h WHERE h.instance_uuid = $1 AND (SELECT count(*) FROM locked) >= 0 FOR UPDATE
  ), held AS (
    UPDATE quota_holdings h SET cores = $2::int, ram = $3::int FROM before WHERE h.instance_uuid = before.instance_uuid
  )
  UPDATE quota_usages q
     SET cores = greatest(0, q.cores + $2::int - before.cores), ram = greatest(0, q.ram + $3::int - before.ram)
    FROM before, locked WHERE q.project_id = locked.project_id AND q.user_id = locked.user_id
  RETURNING q.user_id, q.instances, q.cores, q.ram`;

const SUMS = (condition: string): string => `
  SELECT project_id, u AS user_id, count(*)::int AS instances, sum(cores)::int AS cores, sum(ram)::bigint AS ram
    FROM quota_holdings, unnest(ARRAY['', user_id]) AS u ${condition} GROUP BY project_id, u`;

const DRIFTED = `
  SELECT DISTINCT project_id FROM (${SUMS('')}) AS h FULL JOIN quota_usages q USING (project_id, user_id)
   WHERE (coalesce(h.instances, 0), coalesce(h.cores, 0), coalesce(h.ram, 0))
      <> (coalesce(q.instances, 0), coalesce(q.cores, 0), coalesce(q.ram, 0))
   ORDER BY project_id LIMIT $1`;

const RECOUNT = `
  WITH held AS (${SUMS('WHERE project_id = $1')}), emptied AS (
    UPDATE quota_usages q SET instances = 0, cores = 0, ram = 0
     WHERE q.project_id = $1 AND NOT EXISTS (SELECT FROM held WHERE held.user_id = q.user_id)
  )
  INSERT INTO quota_usages AS q (project_id, user_id, instances, cores, ram) SELECT * FROM held
  ON CONFLICT (project_id, user_id) DO UPDATE SET instances = excluded.instances, cores = excluded.cores, ram = excluded.ram`;
