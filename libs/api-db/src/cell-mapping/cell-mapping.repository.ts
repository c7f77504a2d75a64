import { type CellMapping, CellMappingSource } from '@kilonova/cells';
import { execute, rows, type Sql } from '@kilonova/sql';

export type NewCellMapping = Omit<CellMapping, 'id'>;
export type CellMappingChange = Partial<Omit<CellMapping, 'id' | 'uuid'>>;

const COLUMNS = 'id, uuid, name, transport_url, database_connection, disabled';

/** The cells there are and how to reach them. */
export class CellMappingRepository {
  async list(sql: Sql): Promise<CellMapping[]> {
    return rows(sql, `SELECT ${COLUMNS} FROM cell_mappings ORDER BY id`);
  }

  async find(sql: Sql, uuid: string): Promise<CellMapping | undefined> {
    const [found] = await rows<CellMapping>(sql, `SELECT ${COLUMNS} FROM cell_mappings WHERE uuid = $1`, [uuid]);
    return found;
  }

  /** @throws the driver's unique violation when name, uuid or database belong to another cell. */
  async create(sql: Sql, cell: NewCellMapping): Promise<CellMapping> {
    const [created] = await rows<CellMapping>(
      sql,
      `INSERT INTO cell_mappings (uuid, name, transport_url, database_connection, disabled) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
      [cell.uuid, cell.name, cell.transport_url, cell.database_connection, cell.disabled],
    );
    return created as CellMapping;
  }

  /** Sets what is given; undefined: no such cell. */
  async update(sql: Sql, uuid: string, change: CellMappingChange): Promise<CellMapping | undefined> {
    const [updated] = await rows<CellMapping>(
      sql,
      `UPDATE cell_mappings
          SET name = coalesce($2, name), transport_url = coalesce($3, transport_url),
              database_connection = coalesce($4, database_connection), disabled = coalesce($5, disabled), updated_at = now()
        WHERE uuid = $1 RETURNING ${COLUMNS}`,
      [uuid, change.name ?? null, change.transport_url ?? null, change.database_connection ?? null, change.disabled ?? null],
    );
    return updated;
  }

  /** Whether any host is mapped to any cell. */
  async hasHosts(sql: Sql): Promise<boolean> {
    return (await rows(sql, 'SELECT 1 FROM host_mappings LIMIT 1')).length > 0;
  }

  /** Removes the cell with its host mappings and the mappings of deleted instances. @throws on mappings of living ones. */
  async remove(sql: Sql, id: number): Promise<void> {
    await execute(sql, 'DELETE FROM host_mappings WHERE cell_id = $1', [id]);
    await execute(sql, 'DELETE FROM instance_mappings WHERE cell_id = $1 AND queued_for_delete', [id]);
    await execute(sql, 'DELETE FROM cell_mappings WHERE id = $1', [id]);
  }
}

/** The API database as the place where a process learns which cells there are. */
export class ApiCellMappings extends CellMappingSource {
  readonly #repository = new CellMappingRepository();

  constructor(private readonly sql: () => Promise<Sql>) {
    super();
  }

  async list(): Promise<readonly CellMapping[]> {
    return this.#repository.list(await this.sql());
  }
}
