import type { ComputeNodeReport } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import { conflict } from '@kilonova/util';
import type { ComputeNodeRow } from './compute-node.entity.js';

const REPORTED = [
  'uuid',
  'hypervisor_hostname',
  'hypervisor_type',
  'hypervisor_version',
  'host_ip',
  'vcpus',
  'memory_mb',
  'local_gb',
  'vcpus_used',
  'memory_mb_used',
  'local_gb_used',
  'running_vms',
  'current_workload',
  'disk_available_least',
  'cpu_info',
  'supported_instances',
  'cpu_allocation_ratio',
  'ram_allocation_ratio',
  'disk_allocation_ratio',
  'stats',
] as const satisfies ReadonlyArray<keyof ComputeNodeReport>;

/** The hypervisors of a cell. */
export class ComputeNodeRepository {
  /**
   * Brings a host's nodes up to date and forgets those that it no longer has. A node that moved between hosts keeps
   * its row and uuid, and is discovered anew.
   * @throws AppError `conflict`, code `cell.compute_node.duplicate`, when the name on this host belongs to another uuid:
   *   the agent lost its identity, and carrying on would leave its instances' allocations behind.
   */
  async report(sql: Sql, host: string, nodes: readonly ComputeNodeReport[]): Promise<void> {
    const input = JSON.stringify(nodes);
    const [other] = await rows<{ uuid: string; hypervisor_hostname: string }>(sql, FOREIGN, [host, input]);
    if (other !== undefined) {
      throw conflict(
        'cell.compute_node.duplicate',
        `Node ${other.hypervisor_hostname} of host ${host} is known as ${other.uuid}.`,
        { ...other, host },
      );
    }
    await rows(sql, REPORT, [host, input]);
  }

  async list(sql: Sql): Promise<ComputeNodeRow[]> {
    return rows(sql, 'SELECT * FROM compute_nodes ORDER BY id');
  }

  async find(sql: Sql, uuid: string): Promise<ComputeNodeRow | undefined> {
    const [found] = await rows<ComputeNodeRow>(sql, 'SELECT * FROM compute_nodes WHERE uuid = $1', [uuid]);
    return found;
  }

  /** A page of uuids in id order, after row `afterId`. */
  async page(sql: Sql, afterId: number, limit: number): Promise<Array<{ id: number; uuid: string }>> {
    return rows(sql, 'SELECT id, uuid FROM compute_nodes WHERE id > $1 ORDER BY id LIMIT $2', [afterId, limit]);
  }

  /** Nodes that discovery has not seen yet. */
  async unmapped(sql: Sql): Promise<Array<Pick<ComputeNodeRow, 'id' | 'uuid' | 'host' | 'hypervisor_hostname'>>> {
    return rows(sql, 'SELECT id, uuid, host, hypervisor_hostname FROM compute_nodes WHERE NOT mapped ORDER BY id');
  }

  async markMapped(sql: Sql, ids: readonly number[]): Promise<void> {
    await rows(sql, 'UPDATE compute_nodes SET mapped = true WHERE id = ANY($1::int[])', [ids]);
  }

  /** A host whose mapping is gone is there to be discovered again. */
  async unmapHost(sql: Sql, host: string): Promise<void> {
    await rows(sql, 'UPDATE compute_nodes SET mapped = false WHERE host = $1', [host]);
  }

  /** Forgets the nodes of a service that an administrator removed; returns their uuids. */
  async removeHost(sql: Sql, host: string): Promise<string[]> {
    const gone = await rows<{ uuid: string }>(sql, 'DELETE FROM compute_nodes WHERE host = $1 RETURNING uuid', [host]);
    return gone.map((row) => row.uuid);
  }
}

const FOREIGN = `
  SELECT n.uuid, n.hypervisor_hostname FROM compute_nodes n
    JOIN jsonb_to_recordset($2::jsonb) AS r (uuid uuid, hypervisor_hostname text) USING (hypervisor_hostname)
   WHERE n.host = $1 AND n.uuid <> r.uuid LIMIT 1`;

const REPORT = `
  WITH gone AS (
    DELETE FROM compute_nodes n
     WHERE n.host = $1 AND n.uuid NOT IN (SELECT uuid FROM jsonb_to_recordset($2::jsonb) AS r (uuid uuid))
  )
  INSERT INTO compute_nodes AS n (host, ${REPORTED.join(', ')})
  SELECT $1, ${REPORTED.join(', ')} FROM jsonb_populate_recordset(NULL::compute_nodes, $2::jsonb)
  ON CONFLICT (uuid) DO UPDATE SET
    host = excluded.host, mapped = n.mapped AND n.host = excluded.host, updated_at = now(),
    ${REPORTED.filter((column) => column !== 'uuid')
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}`;
