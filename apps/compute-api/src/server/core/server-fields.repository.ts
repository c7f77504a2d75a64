import { type InstanceRecord, instanceColumns, toInstance } from '@kilonova/cell-db';
import type { Instance } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';

/** What the API changes of a server by itself: nothing that an agent writes too. */
export type ServerFields = Partial<
  Pick<
    Instance,
    | 'display_name'
    | 'display_description'
    | 'hostname'
    | 'access_ip_v4'
    | 'access_ip_v6'
    | 'auto_disk_config'
    | 'locked'
    | 'locked_by'
    | 'locked_reason'
    | 'metadata'
    | 'tags'
  >
>;

const TYPES: { readonly [K in keyof Required<ServerFields>]: string } = {
  display_name: 'text',
  display_description: 'text',
  hostname: 'text',
  access_ip_v4: 'text',
  access_ip_v6: 'text',
  auto_disk_config: 'boolean',
  locked: 'boolean',
  locked_by: 'text',
  locked_reason: 'text',
  metadata: 'jsonb',
  tags: 'text[]',
};

/** Fields that users change, in their cell. */
export class ServerFieldsRepository {
  /** Sets what is given; undefined: no such server (any more). */
  async set(sql: Sql, uuid: string, fields: ServerFields): Promise<Instance | undefined> {
    const entries = Object.entries(fields) as Array<[keyof ServerFields, unknown]>;
    const text = entries.map(([column], index) => `${column} = $${index + 2}::${TYPES[column]}, `).join('');
    const values = entries.map(([column, value]) => (TYPES[column] === 'jsonb' ? JSON.stringify(value) : value));
    const [row] = await rows<InstanceRecord>(
      sql,
      `UPDATE instances i SET ${text}revision = i.revision + 1, updated_at = now() WHERE i.uuid = $1 RETURNING ${instanceColumns('i')}`,
      [uuid, ...values],
    );
    return row && toInstance(row);
  }

  /** The row, locked until the transaction ends. */
  async lock(sql: Sql, uuid: string): Promise<Instance | undefined> {
    const [row] = await rows<InstanceRecord>(
      sql,
      `SELECT ${instanceColumns('i')} FROM instances i WHERE i.uuid = $1 FOR UPDATE`,
      [uuid],
    );
    return row && toInstance(row);
  }

  /** The same for a server that no cell has yet. */
  async lockRequest(sql: Sql, uuid: string): Promise<Instance | undefined> {
    const [row] = await rows<{ instance: Instance }>(
      sql,
      'SELECT instance FROM build_requests WHERE instance_uuid = $1 FOR UPDATE',
      [uuid],
    );
    return row?.instance;
  }
}
