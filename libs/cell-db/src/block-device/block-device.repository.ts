import type { BlockDevice } from '@kilonova/compute-objects';
import { execute, rows, type Sql } from '@kilonova/sql';
import { blockDeviceColumns, insertDevices } from './block-device.statements.js';

/** Live mappings of one volume to one server that there should be only one of. */
export interface DuplicateMapping {
  readonly instance_uuid: string;
  readonly volume_id: string;
  readonly count: number;
}

/** Disks of servers, in their cell. */
export class BlockDeviceRepository {
  /** For tests: those that are booted from first, the others in the order that they came. */
  async ofServer(sql: Sql, instanceUuid: string): Promise<BlockDevice[]> {
    return rows(
      sql,
      `SELECT ${blockDeviceColumns('b')} FROM block_device_mappings b WHERE b.instance_uuid = $1 ORDER BY b.boot_index NULLS LAST, b.id`,
      [instanceUuid],
    );
  }

  /** Uuids of the servers that have a volume. */
  async serversOf(sql: Sql, volumeId: string): Promise<string[]> {
    const text = 'SELECT instance_uuid AS uuid FROM block_device_mappings WHERE volume_id = $1 LIMIT 2';
    return (await rows<{ uuid: string }>(sql, text, [volumeId])).map(({ uuid }) => uuid);
  }

  /** `exists`: the server has the volume already. */
  async add(sql: Sql, instanceUuid: string, device: BlockDevice): Promise<'added' | 'exists'> {
    const added = await rows(
      sql,
      `WITH owner AS (SELECT $1::uuid AS uuid, $2::jsonb AS devices) ${insertDevices('owner', '')} RETURNING uuid`,
      [instanceUuid, JSON.stringify([device])],
    );
    return added.length > 0 ? 'added' : 'exists';
  }

  /** False: there was none. */
  async remove(sql: Sql, uuid: string): Promise<boolean> {
    return (await execute(sql, 'DELETE FROM block_device_mappings WHERE uuid = $1', [uuid])) > 0;
  }

  /** Whether the volume goes with the server. False: the server does not have it. */
  async setDeleteOnTermination(sql: Sql, instanceUuid: string, volumeId: string, value: boolean): Promise<boolean> {
    const text =
      'UPDATE block_device_mappings SET delete_on_termination = $3, updated_at = now() WHERE instance_uuid = $1 AND volume_id = $2';
    return (await execute(sql, text, [instanceUuid, volumeId, value])) > 0;
  }

  /** Volumes that a server has twice, as rows from elsewhere may have it. */
  async duplicates(sql: Sql, limit: number): Promise<DuplicateMapping[]> {
    return rows(
      sql,
      `SELECT instance_uuid, volume_id, count(*)::int AS count FROM block_device_mappings WHERE volume_id IS NOT NULL
        GROUP BY instance_uuid, volume_id HAVING count(*) > 1 ORDER BY instance_uuid, volume_id LIMIT $1`,
      [limit],
    );
  }

  /**
   * Removes all but one of each: what has an attachment stays rather than what has none, then the older one. Returns how many
   * rows went.
   */
  async removeDuplicates(sql: Sql): Promise<number> {
    return execute(
      sql,
      `DELETE FROM block_device_mappings WHERE id IN (
         SELECT id FROM (
           SELECT id, row_number() OVER (PARTITION BY instance_uuid, volume_id ORDER BY attachment_id IS NULL, id) AS place
             FROM block_device_mappings WHERE volume_id IS NOT NULL
         ) ranked WHERE place > 1)`,
    );
  }
}
