import type { Instance, ObservedPower } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import { instanceColumns } from './instance.columns.js';
import { type InstanceRecord, toInstance } from './instance.mapper.js';

/** The power of guests as their hypervisors have it. */
export class PowerRepository {
  /**
   * Stores the observed power of idle instances of a host. Returns those that it was stored of, locked until the
   * transaction ends: nothing has been done to them, and nothing asked, since the agent looked.
   */
  async observe(sql: Sql, host: string, guests: readonly ObservedPower[]): Promise<Instance[]> {
    const found = await rows<InstanceRecord>(sql, OBSERVE, [host, JSON.stringify(guests)]);
    return found.map(toInstance);
  }
}

// Agents are told times to the millisecond.
const OBSERVE = `
  UPDATE instances i SET power_state = g.power_state, revision = i.revision + 1, updated_at = now()
    FROM jsonb_to_recordset($2::jsonb) AS g (instance_uuid uuid, updated_at timestamptz, power_state int)
   WHERE i.uuid = g.instance_uuid AND i.host = $1 AND i.task_state IS NULL
     AND date_trunc('milliseconds', i.updated_at) IS NOT DISTINCT FROM g.updated_at
     AND NOT EXISTS (SELECT FROM operations o WHERE o.instance_uuid = i.uuid)
  RETURNING ${instanceColumns('i')}`;
