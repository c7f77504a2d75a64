import { execute, rows, type Sql } from '@kilonova/sql';

export interface HostMapping {
  readonly host: string;
  readonly cell_id: number;
  readonly cell_uuid: string;
  readonly cell_name: string;
}

const SELECT = `SELECT h.host, h.cell_id, c.uuid AS cell_uuid, c.name AS cell_name FROM host_mappings h JOIN cell_mappings c ON c.id = h.cell_id`;

/** Which cell each host is in. */
export class HostMappingRepository {
  /** Ordered by cell, then host. */
  async list(sql: Sql, cellUuid?: string): Promise<HostMapping[]> {
    return rows(sql, `${SELECT} WHERE $1::uuid IS NULL OR c.uuid = $1 ORDER BY h.cell_id, h.host`, [cellUuid ?? null]);
  }

  async find(sql: Sql, host: string): Promise<HostMapping | undefined> {
    const [found] = await rows<HostMapping>(sql, `${SELECT} WHERE h.host = $1`, [host]);
    return found;
  }

  async findMany(sql: Sql, hosts: readonly string[]): Promise<HostMapping[]> {
    return rows(sql, `${SELECT} WHERE h.host = ANY($1::text[])`, [hosts]);
  }

  /** Maps hosts to a cell in one statement; those mapped already stay where they are. Returns the hosts that were new. */
  async addMany(sql: Sql, cellId: number, hosts: readonly string[]): Promise<string[]> {
    const added = await rows<{ host: string }>(
      sql,
      'INSERT INTO host_mappings (cell_id, host) SELECT $1, unnest($2::text[]) ON CONFLICT (host) DO NOTHING RETURNING host',
      [cellId, hosts],
    );
    return added.map((row) => row.host);
  }

  async remove(sql: Sql, host: string): Promise<boolean> {
    return (await execute(sql, 'DELETE FROM host_mappings WHERE host = $1', [host])) > 0;
  }
}
