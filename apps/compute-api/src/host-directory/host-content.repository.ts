import { rows, type Sql } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';

export interface HostedServer {
  readonly id: number;
  readonly uuid: string;
  readonly host: string;
  readonly node: string | null;
}

/** What one project's servers on a host were sized for. Memory in MiB, disk in GiB. */
export interface ProjectShare {
  readonly project_id: string;
  readonly cpu: number;
  readonly memory_mb: number;
  readonly disk_gb: number;
}

/** Statuses of migrations that nothing comes after. Source: upstream's list of those that are not in progress. */
const ENDED = ['confirmed', 'reverted', 'error', 'failed', 'completed', 'cancelled', 'done'];

/** What stands on the hosts of a cell. */
@Injectable()
export class HostContentRepository {
  async servers(sql: Sql, hosts: readonly string[]): Promise<HostedServer[]> {
    return rows(sql, 'SELECT id, uuid, host, node FROM instances WHERE host = ANY($1::text[]) ORDER BY id', [hosts]);
  }

  /** Uuids of the servers on these hosts. */
  async serversOn(sql: Sql, hosts: readonly string[]): Promise<string[]> {
    return (await rows<{ uuid: string }>(sql, 'SELECT uuid FROM instances WHERE host = ANY($1::text[])', [hosts])).map(
      (row) => row.uuid,
    );
  }

  /** Whether any of these servers asked for its zone. Asked of the API database. */
  async anyPinned(api: Sql, uuids: readonly string[]): Promise<boolean> {
    const statement = `SELECT 1 FROM request_specs WHERE instance_uuid = ANY($1::uuid[]) AND spec ->> 'availability_zone' IS NOT NULL LIMIT 1`;
    return (await rows(api, statement, [uuids])).length > 0;
  }

  /** Evacuations that the host has not cleaned up after: its agent does so when it starts, and says `completed`. */
  async hasOpenEvacuations(sql: Sql, host: string): Promise<boolean> {
    const text = `SELECT 1 FROM migrations WHERE source_compute = $1 AND migration_type = 'evacuation' AND status = 'done' LIMIT 1`;
    return (await rows(sql, text, [host])).length > 0;
  }

  /** Moves from or to the host that have not ended. */
  async hasMoves(sql: Sql, host: string): Promise<boolean> {
    const text = `SELECT 1 FROM migrations WHERE (source_compute = $1 OR dest_compute = $1) AND status <> ALL($2::text[]) LIMIT 1`;
    return (await rows(sql, text, [host, ENDED])).length > 0;
  }

  async shares(sql: Sql, host: string): Promise<ProjectShare[]> {
    return rows(
      sql,
      `SELECT project_id, sum((flavor ->> 'vcpus')::int)::int AS cpu, sum((flavor ->> 'memory_mb')::int)::int AS memory_mb,
              sum((flavor ->> 'root_gb')::int + (flavor ->> 'ephemeral_gb')::int)::int AS disk_gb
         FROM instances WHERE host = $1 GROUP BY project_id ORDER BY project_id`,
      [host],
    );
  }
}
