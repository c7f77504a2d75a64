import type { ServiceInfo } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import { isoTime } from '../store/iso-time.js';
import type { ServiceRow } from './service.entity.js';

export interface ServiceReport {
  readonly host: string;
  readonly binary: string;
  readonly topic: string;
  readonly version: number;
}

/** What an administrator may change of a service. */
export type ServiceChange = Partial<Pick<ServiceRow, 'disabled' | 'disabled_reason' | 'forced_down'>>;

/** How long a service has been silent, milliseconds, by the clock that stamped its last beat: nobody else's is asked. */
export interface SeenService extends ServiceInfo {
  readonly silent_ms: number;
}

/** A row as it crosses the bus. */
const toServiceInfo = <Row extends ServiceRow>(row: Row): Omit<Row, keyof ServiceInfo> & ServiceInfo => ({
  ...row,
  last_seen_up: isoTime(row.last_seen_up),
  created_at: row.created_at.toISOString(),
  updated_at: isoTime(row.updated_at),
});

const COLUMNS = '*, extract(epoch FROM now() - coalesce(last_seen_up, created_at))::float8 * 1000 AS silent_ms';

type SeenRow = ServiceRow & Pick<SeenService, 'silent_ms'>;

/** Services and their heartbeats; the same for the API database and a cell's. */
export class ServiceRepository {
  /**
   * A service that starts: its row is made, or brought up to date. What an administrator set on it stays.
   * @param enableNew a service that was never seen comes up enabled
   */
  async report(
    sql: Sql,
    report: ServiceReport,
    enableNew = true,
  ): Promise<{ readonly service: ServiceInfo; readonly isNew: boolean }> {
    const [row] = await rows<ServiceRow & { is_new: boolean }>(
      sql,
      `INSERT INTO services AS s (host, "binary", topic, version, disabled, last_seen_up, report_count) VALUES ($1, $2, $3, $4, $5, now(), 1)
       ON CONFLICT (host, "binary") DO UPDATE
         SET topic = excluded.topic, version = excluded.version, last_seen_up = now(), report_count = s.report_count + 1, updated_at = now()
       RETURNING *, (xmax = 0) AS is_new`,
      [report.host, report.binary, report.topic, report.version, !enableNew],
    );
    const { is_new: isNew, ...service } = row as ServiceRow & { is_new: boolean };
    return { service: toServiceInfo(service), isNew };
  }

  /** One beat for all hosts that a process serves. Hosts without a row are left out of the answer. */
  async heartbeat(sql: Sql, binary: string, hosts: readonly string[]): Promise<Array<{ host: string; disabled: boolean }>> {
    return rows(
      sql,
      `UPDATE services SET last_seen_up = now(), report_count = report_count + 1, updated_at = now()
        WHERE "binary" = $1 AND host = ANY($2::text[]) RETURNING host, disabled`,
      [binary, hosts],
    );
  }

  /** Ordered by id; `filter` narrows by host and binary. */
  async list(sql: Sql, filter: { readonly host?: string; readonly binary?: string } = {}): Promise<SeenService[]> {
    const found = await rows<SeenRow>(
      sql,
      `SELECT ${COLUMNS} FROM services WHERE ($1::text IS NULL OR host = $1) AND ($2::text IS NULL OR "binary" = $2) ORDER BY id`,
      [filter.host ?? null, filter.binary ?? null],
    );
    return found.map(toServiceInfo);
  }

  /** Whether the agent of a host has been heard of within `downMs`, and nobody has declared it down. */
  async isUp(sql: Sql, host: string, downMs: number): Promise<boolean> {
    return (await this.upAmong(sql, [host], downMs)).length > 0;
  }

  /** The same of several hosts: those of which it is so. */
  async upAmong(sql: Sql, hosts: readonly string[], downMs: number): Promise<string[]> {
    const up = `SELECT host FROM services WHERE host = ANY($1::text[]) AND "binary" = 'nova-compute' AND NOT forced_down
                   AND last_seen_up > now() - $2::int * interval '1 millisecond'`;
    return (await rows<{ host: string }>(sql, up, [hosts, downMs])).map(({ host }) => host);
  }

  async find(sql: Sql, uuid: string): Promise<SeenService | undefined> {
    const [row] = await rows<SeenRow>(sql, `SELECT ${COLUMNS} FROM services WHERE uuid = $1`, [uuid]);
    return row && toServiceInfo(row);
  }

  /** Sets what is given; undefined: no such service. A reason without `disabled` is kept as it is. */
  async change(sql: Sql, uuid: string, change: ServiceChange): Promise<SeenService | undefined> {
    const [row] = await rows<SeenRow>(
      sql,
      `UPDATE services
          SET disabled = coalesce($2, disabled), forced_down = coalesce($3, forced_down),
              disabled_reason = CASE WHEN $4 THEN $5 ELSE disabled_reason END, updated_at = now()
        WHERE uuid = $1 RETURNING ${COLUMNS}`,
      [
        uuid,
        change.disabled ?? null,
        change.forced_down ?? null,
        change.disabled_reason !== undefined,
        change.disabled_reason ?? null,
      ],
    );
    return row && toServiceInfo(row);
  }

  async remove(sql: Sql, uuid: string): Promise<boolean> {
    return (await rows(sql, 'DELETE FROM services WHERE uuid = $1 RETURNING id', [uuid])).length > 0;
  }
}
