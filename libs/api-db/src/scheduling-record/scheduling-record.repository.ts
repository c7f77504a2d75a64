import type { HostVerdict } from '@kilonova/compute-objects';
import { execute, rows, type Sql } from '@kilonova/sql';

export interface SchedulingOutcome {
  readonly requestId: string;
  readonly outcome: 'no-valid-host' | 'scheduler-unavailable';
  readonly reason: string;
  readonly verdicts: readonly HostVerdict[];
}

export interface SchedulingRecord {
  readonly request_id: string;
  readonly instance_uuid: string;
  readonly outcome: SchedulingOutcome['outcome'];
  readonly reason: string;
  readonly verdicts: readonly HostVerdict[];
  readonly created_at: Date;
}

/** Why requests found no host: for administrators. */
export class SchedulingRecordRepository {
  /** One row an instance, in one statement; the verdicts of a request are the same for all. A repeat adds nothing. */
  async addMany(sql: Sql, uuids: readonly string[], record: SchedulingOutcome): Promise<void> {
    await execute(
      sql,
      `INSERT INTO scheduling_records (request_id, instance_uuid, outcome, reason, verdicts)
       SELECT $1, uuid, $3, $4, $5::jsonb FROM unnest($2::uuid[]) AS uuid
        WHERE NOT EXISTS (SELECT FROM scheduling_records r WHERE r.instance_uuid = uuid AND r.request_id = $1 AND r.outcome = $3)`,
      [record.requestId, uuids, record.outcome, record.reason, JSON.stringify(record.verdicts)],
    );
  }

  /** Newest first. */
  async list(sql: Sql, instanceUuid: string): Promise<SchedulingRecord[]> {
    return rows(
      sql,
      'SELECT request_id, instance_uuid, outcome, reason, verdicts, created_at FROM scheduling_records WHERE instance_uuid = $1 ORDER BY id DESC',
      [instanceUuid],
    );
  }

  /** Forgets what is older than `days`, at most `limit` rows; returns how many. */
  async purge(sql: Sql, days: number, limit: number): Promise<number> {
    return execute(
      sql,
      `DELETE FROM scheduling_records WHERE id IN (
         SELECT id FROM scheduling_records WHERE created_at < now() - make_interval(days => $1) ORDER BY created_at LIMIT $2)`,
      [days, limit],
    );
  }
}
