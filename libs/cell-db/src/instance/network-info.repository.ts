import type { ObservedNetworks } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';

/** The interfaces of servers as the network service has them. */
export class NetworkInfoRepository {
  /**
   * Stores what was found of idle instances of a host: nothing has been done to them, and nothing asked, since somebody looked.
   * Returns the uuids of those that it changed.
   */
  async refresh(sql: Sql, host: string, found: readonly ObservedNetworks[]): Promise<readonly string[]> {
    const changed = await rows<{ uuid: string }>(sql, REFRESH, [host, JSON.stringify(found)]);
    return changed.map(({ uuid }) => uuid);
  }
}

// Others are told times to the millisecond.
const REFRESH = `
  UPDATE instances i SET network_info = n.network_info, revision = i.revision + 1, updated_at = now()
    FROM jsonb_to_recordset($2::jsonb) AS n (instance_uuid uuid, updated_at timestamptz, network_info jsonb)
   WHERE i.uuid = n.instance_uuid AND i.host = $1 AND i.network_info IS DISTINCT FROM n.network_info
     AND date_trunc('milliseconds', i.updated_at) IS NOT DISTINCT FROM n.updated_at
     AND NOT EXISTS (SELECT FROM operations o WHERE o.instance_uuid = i.uuid)
  RETURNING i.uuid`;
