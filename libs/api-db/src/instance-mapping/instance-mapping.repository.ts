import { execute, prepared, rows, type Sql } from '@kilonova/sql';

export interface InstanceMapping {
  readonly instance_uuid: string;
  /** Null: not scheduled yet. */
  readonly cell_id: number | null;
  readonly project_id: string;
  readonly user_id: string;
  /** A delete was accepted; the cell may still be working on it. */
  readonly queued_for_delete: boolean;
}

export interface MappingCounts {
  readonly living: number;
  readonly deleted: number;
}

const COLUMNS = 'instance_uuid, cell_id, project_id, user_id, queued_for_delete';

/** Which cell each instance is in. */
export class InstanceMappingRepository {
  async find(sql: Sql, uuid: string): Promise<InstanceMapping | undefined> {
    const [found] = await this.findMany(sql, [uuid]);
    return found;
  }

  async findMany(sql: Sql, uuids: readonly string[]): Promise<InstanceMapping[]> {
    return prepared(sql, `SELECT ${COLUMNS} FROM instance_mappings WHERE instance_uuid = ANY($1::uuid[])`, [uuids]);
  }

  /** Notes that deletes were accepted; returns how many mappings that was news to. */
  async queueForDelete(sql: Sql, uuids: readonly string[]): Promise<number> {
    return execute(
      sql,
      'UPDATE instance_mappings SET queued_for_delete = true, updated_at = now() WHERE instance_uuid = ANY($1::uuid[]) AND NOT queued_for_delete',
      [uuids],
    );
  }

  /** Forgets instances altogether: mapping, spec, and place in a server group. */
  async removeMany(sql: Sql, uuids: readonly string[]): Promise<void> {
    await rows(
      sql,
      `WITH spec AS (DELETE FROM request_specs WHERE instance_uuid = ANY($1::uuid[])),
            member AS (DELETE FROM instance_group_members WHERE instance_uuid = ANY($1::uuid[]))
       DELETE FROM instance_mappings WHERE instance_uuid = ANY($1::uuid[])`,
      [uuids],
    );
  }

  async countOfCell(sql: Sql, cellId: number): Promise<MappingCounts> {
    const [counts] = await rows<MappingCounts>(
      sql,
      `SELECT count(*) FILTER (WHERE NOT queued_for_delete) AS living, count(*) FILTER (WHERE queued_for_delete) AS deleted
         FROM instance_mappings WHERE cell_id = $1`,
      [cellId],
    );
    return counts ?? { living: 0, deleted: 0 };
  }
}
