import { randomUUID } from 'node:crypto';
import type { HostVerdict, SchedulingTrace } from '@kilonova/compute-objects';
import { execute, rows, type Sql } from '@kilonova/sql';

export interface SchedulingOutcome {
  readonly requestId: string;
  readonly outcome: 'selected' | 'no-valid-host' | 'scheduler-unavailable';
  readonly reason: string;
  readonly verdicts: readonly HostVerdict[];
  readonly trace?: SchedulingTrace;
}

/** The outcome of one request for all its instances. */
export interface RequestOutcome extends SchedulingOutcome {
  readonly instances: readonly string[];
}

export interface SchedulingRecord {
  readonly request_id: string;
  readonly instance_uuid: string;
  readonly outcome: SchedulingOutcome['outcome'];
  readonly reason: string;
  readonly verdicts: readonly HostVerdict[];
  /** Null for one that was forgotten, or never kept. */
  readonly trace: SchedulingTrace | null;
  readonly created_at: Date;
}

/**
 * Verdicts and trace are written once for a request; each of its instances has a row. A repeat adds nothing, nor does who
 * writes down the same at the same time. In one order, so that two writers wait for, and do not block, each other.
 */
const ADD = `
  WITH given AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1::jsonb)
        AS r (key uuid, request_id text, instances jsonb, outcome text, reason text, verdicts jsonb, trace jsonb)
  ), fresh AS (
    INSERT INTO scheduling_records (request_id, instance_uuid, outcome, reason, trace_key)
    SELECT request_id, i.uuid::uuid, outcome, reason, key
      FROM given CROSS JOIN LATERAL jsonb_array_elements_text(instances) AS i (uuid)
     ORDER BY i.uuid, request_id, outcome
        ON CONFLICT (instance_uuid, request_id, outcome) DO NOTHING
    RETURNING trace_key
  )
  INSERT INTO scheduling_traces (key, outcome, trace, verdicts)
  SELECT key, outcome, trace, verdicts FROM given WHERE key IN (SELECT trace_key FROM fresh)`;

const SHOW = `
  SELECT r.request_id, r.instance_uuid, r.outcome, r.reason, coalesce(t.verdicts, r.verdicts) AS verdicts, t.trace, r.created_at
    FROM scheduling_records r LEFT JOIN scheduling_traces t ON t.key = r.trace_key`;

/** Failures are kept for $1 days, what was placed for $2. */
const forget = (table: string, key: string): string => `
  DELETE FROM ${table} WHERE ${key} IN (
    SELECT ${key} FROM ${table}
     WHERE created_at < now() - make_interval(days => CASE outcome WHEN 'selected' THEN $2::int ELSE $1::int END) LIMIT $3)`;

/** How requests found their hosts, or why they found none. */
export class SchedulingRecordRepository {
  async add(sql: Sql, outcomes: readonly RequestOutcome[]): Promise<void> {
    const given = outcomes.map(({ requestId, ...outcome }) => ({ key: randomUUID(), request_id: requestId, ...outcome }));
    await execute(sql, ADD, [JSON.stringify(given)]);
  }

  async addMany(sql: Sql, uuids: readonly string[], outcome: SchedulingOutcome): Promise<void> {
    await this.add(sql, [{ ...outcome, instances: uuids }]);
  }

  /** Those of a server, the newest first. */
  async list(sql: Sql, instanceUuid: string): Promise<SchedulingRecord[]> {
    return rows(sql, `${SHOW} WHERE r.instance_uuid = $1 ORDER BY r.id DESC`, [instanceUuid]);
  }

  /** Those of a request, at most `limit`. */
  async listOfRequest(sql: Sql, requestId: string, limit: number): Promise<SchedulingRecord[]> {
    return rows(sql, `${SHOW} WHERE r.request_id = $1 ORDER BY r.id DESC LIMIT $2`, [requestId, limit]);
  }

  /** Forgets what is older: failures after `days`, what was placed after `placedDays`. At most `limit` of each kind; returns how many. */
  async purge(sql: Sql, days: number, placedDays: number, limit: number): Promise<number> {
    const records = await execute(sql, forget('scheduling_records', 'id'), [days, placedDays, limit]);
    return records + (await execute(sql, forget('scheduling_traces', 'key'), [days, placedDays, limit]));
  }
}
