import { execute, rows, type Sql } from '@kilonova/sql';
import { InstanceMappingRepository } from '../instance-mapping/instance-mapping.repository.js';
import { QuotaLedgerRepository } from '../quota/quota-ledger.repository.js';

/** Something that quota is held for, and where it should be. */
export interface HeldInstance {
  readonly uuid: string;
  /** No cell has it yet. */
  readonly waiting: boolean;
  readonly cell_id: number | null;
  /** Its delete was accepted, or nothing is known of it. */
  readonly departed: boolean;
}

/** The end of servers in the API database. */
export class DepartureRepository {
  readonly #ledger = new QuotaLedgerRepository();
  readonly #mappings = new InstanceMappingRepository();

  /** Once their cells have ended them: mapping, quota, place in a server group. To be run in a transaction; safe to repeat. */
  async settle(sql: Sql, uuids: readonly string[]): Promise<void> {
    await this.#mappings.queueForDelete(sql, uuids);
    await this.#ledger.release(sql, uuids);
    await execute(sql, 'DELETE FROM instance_group_members WHERE instance_uuid = ANY($1::uuid[])', [uuids]);
  }

  /** What quota is held for, by uuid from the one behind `after`. */
  async held(sql: Sql, after: string, limit: number): Promise<HeldInstance[]> {
    return rows(
      sql,
      `SELECT h.instance_uuid AS uuid, b.instance_uuid IS NOT NULL AS waiting, m.cell_id, coalesce(m.queued_for_delete, true) AS departed
         FROM (SELECT instance_uuid FROM quota_holdings WHERE instance_uuid > $1 ORDER BY instance_uuid LIMIT $2) h
         LEFT JOIN build_requests b ON b.instance_uuid = h.instance_uuid
         LEFT JOIN instance_mappings m ON m.instance_uuid = h.instance_uuid
        ORDER BY h.instance_uuid`,
      [after, limit],
    );
  }
}
