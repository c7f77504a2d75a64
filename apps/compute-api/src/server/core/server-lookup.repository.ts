import type { BlockDevice, Instance, RequestSpec } from '@kilonova/compute-objects';
import { prepared, rows, type Sql } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';

/** What the API database knows of a server. */
export interface ServerEntry {
  readonly uuid: string;
  /** Null: no cell has it yet. */
  readonly cell_id: number | null;
  readonly project_id: string;
  readonly user_id: string;
  readonly queued_for_delete: boolean;
  readonly created_at: Date;
  /** Present while no cell has the server. */
  readonly instance: Instance | null;
  /** Its disks beside flavor and image, while no cell has it. */
  readonly devices: readonly BlockDevice[];
  readonly pinned_zone: string | null;
  readonly groups: readonly string[];
}

/** The API database's side of servers. */
@Injectable()
export class ServerLookupRepository {
  async find(sql: Sql, uuid: string): Promise<ServerEntry | undefined> {
    const [found] = await prepared<ServerEntry>(sql, FIND, [uuid]);
    return found;
  }

  /** The zones that users asked for. */
  async pinnedZones(sql: Sql, uuids: readonly string[]): Promise<Map<string, string | null>> {
    const found = await prepared<{ uuid: string; zone: string | null }>(
      sql,
      `SELECT instance_uuid AS uuid, spec ->> 'availability_zone' AS zone FROM request_specs WHERE instance_uuid = ANY($1::uuid[])`,
      [uuids],
    );
    return new Map(found.map((row) => [row.uuid, row.zone]));
  }

  /** Servers of cells that do not answer, newest first. Null project: of all. */
  async ofCells(sql: Sql, cellIds: readonly number[], projectId: string | null, limit: number): Promise<Array<PartialEntry>> {
    return rows(sql, OF_CELLS, [cellIds, projectId, limit]);
  }

  async spec(sql: Sql, uuid: string): Promise<RequestSpec | null> {
    const [found] = await rows<{ spec: RequestSpec }>(sql, 'SELECT spec FROM request_specs WHERE instance_uuid = $1', [uuid]);
    return found?.spec ?? null;
  }
}

export interface PartialEntry {
  readonly uuid: string;
  readonly project_id: string;
  readonly created_at: Date;
  readonly spec: RequestSpec | null;
}

const FIND = `
  SELECT m.instance_uuid AS uuid, m.cell_id, m.project_id, m.user_id, m.queued_for_delete, m.created_at, b.instance, coalesce(b.block_device_mappings, '[]') AS devices,
         s.spec ->> 'availability_zone' AS pinned_zone,
         ARRAY(SELECT g.uuid::text FROM instance_group_members gm JOIN instance_groups g ON g.id = gm.group_id WHERE gm.instance_uuid = m.instance_uuid) AS groups
    FROM instance_mappings m
    LEFT JOIN build_requests b ON b.instance_uuid = m.instance_uuid
    LEFT JOIN request_specs s ON s.instance_uuid = m.instance_uuid
   WHERE m.instance_uuid = $1`;

const OF_CELLS = `
  SELECT m.instance_uuid AS uuid, m.project_id, m.created_at, s.spec FROM instance_mappings m
    LEFT JOIN request_specs s ON s.instance_uuid = m.instance_uuid
   WHERE m.cell_id = ANY($1::int[]) AND NOT m.queued_for_delete AND ($2::text IS NULL OR m.project_id = $2)
   ORDER BY m.created_at DESC, m.instance_uuid DESC LIMIT $3`;
