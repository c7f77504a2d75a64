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
  'hardware',
] as const satisfies ReadonlyArray<keyof ComputeNodeReport>;

/** The hypervisors of a cell. */
export class ComputeNodeRepository {
  /**
   * Brings a host's nodes up to date and forgets those that it no longer has. A node that moves from a host whose service
   * is down or gone keeps its row and uuid; on a host without a mapping it is discovered anew.
   * @param downSeconds the silence after which a service counts as down
   * @throws AppError `conflict`, code `cell.compute_node.foreign`, when a node belongs to another host whose service lives;
   *   code `cell.compute_node.duplicate`, when the name on this host belongs to another uuid: the agent lost its identity,
   *   and carrying on would leave its instances' allocations behind.
   */
  async report(sql: Sql, host: string, nodes: readonly ComputeNodeReport[], downSeconds = 60): Promise<void> {
    const input = JSON.stringify(nodes);
    const [foreign] = await rows<{ uuid: string; owner: string }>(sql, FOREIGN, [host, input, downSeconds]);
    if (foreign !== undefined) {
      throw conflict('cell.compute_node.foreign', `Node ${foreign.uuid} that ${host} reports belongs to another host.`, {
        ...foreign,
        host,
      });
    }
    const [other] = await rows<{ uuid: string; hypervisor_hostname: string }>(sql, DUPLICATE, [host, input]);
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

  /** The hosts of these nodes have a mapping: so have all nodes that they report from then on. */
  async markMapped(sql: Sql, ids: readonly number[]): Promise<void> {
    await rows(
      sql,
      `WITH marked AS (UPDATE compute_nodes SET mapped = true WHERE id = ANY($1::int[]) RETURNING host)
       INSERT INTO mapped_hosts SELECT DISTINCT host FROM marked ON CONFLICT DO NOTHING`,
      [ids],
    );
  }

  /** A host whose mapping is gone is there to be discovered again. */
  async unmapHost(sql: Sql, host: string): Promise<void> {
    await rows(
      sql,
      `WITH forgotten AS (DELETE FROM mapped_hosts WHERE host = $1)
       UPDATE compute_nodes SET mapped = false WHERE host = $1`,
      [host],
    );
  }

  /** Forgets the nodes of a service that an administrator removed; returns their uuids. */
  async removeHost(sql: Sql, host: string): Promise<string[]> {
    const gone = await rows<{ uuid: string }>(
      sql,
      `WITH forgotten AS (DELETE FROM mapped_hosts WHERE host = $1)
       DELETE FROM compute_nodes WHERE host = $1 RETURNING uuid`,
      [host],
    );
    return gone.map((row) => row.uuid);
  }
}

/** A reported node of another host whose service lives. */
const FOREIGN = `
  SELECT n.uuid, n.host AS owner FROM compute_nodes n
    JOIN jsonb_to_recordset($2::jsonb) AS r (uuid uuid) USING (uuid)
    JOIN services s ON s.host = n.host AND s."binary" = 'nova-compute'
   WHERE n.host <> $1 AND NOT s.forced_down AND s.last_seen_up > now() - make_interval(secs => $3) LIMIT 1`;

const DUPLICATE = `
  SELECT n.uuid, n.hypervisor_hostname FROM compute_nodes n
    JOIN jsonb_to_recordset($2::jsonb) AS r (uuid uuid, hypervisor_hostname text) USING (hypervisor_hostname)
   WHERE n.host = $1 AND n.uuid <> r.uuid LIMIT 1`;

const columnsOf = (table: string): string => REPORTED.map((column) => `${table}.${column}`).join(', ');

/** A report that says nothing new writes nothing: who follows the nodes by what was written has nothing to read. */
const REPORT = `
  WITH gone AS (
    DELETE FROM compute_nodes n
     WHERE n.host = $1 AND n.uuid NOT IN (SELECT uuid FROM jsonb_to_recordset($2::jsonb) AS r (uuid uuid))
  )
  INSERT INTO compute_nodes AS n (host, mapped, ${REPORTED.join(', ')})
  SELECT $1, EXISTS (SELECT FROM mapped_hosts h WHERE h.host = $1), ${REPORTED.join(', ')} FROM jsonb_populate_recordset(NULL::compute_nodes, $2::jsonb)
  ON CONFLICT (uuid) DO UPDATE SET
    host = excluded.host, mapped = excluded.mapped OR n.mapped AND n.host = excluded.host, updated_at = now(),
    ${REPORTED.filter((column) => column !== 'uuid')
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}
   WHERE (n.host, n.mapped, ${columnsOf('n')}) IS DISTINCT FROM (excluded.host, excluded.mapped OR n.mapped AND n.host = excluded.host, ${columnsOf('excluded')})`;
