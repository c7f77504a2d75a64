import { rows, type Sql } from '@kilonova/sql';
import type { HostFacts } from '../model/host-state.js';

interface FactsRow {
  readonly uuid: string;
  readonly host: string;
  readonly hypervisor_hostname: string;
  readonly hypervisor_type: string;
  readonly hypervisor_version: number;
  readonly supported_instances: HostFacts['supportedInstances'];
  readonly cpu_info: string;
  readonly stats: Record<string, string>;
  readonly disabled: boolean;
  readonly forced_down: boolean;
  readonly silent_ms: number | null;
}

const FACTS = `
  SELECT n.uuid, n.host, n.hypervisor_hostname, n.hypervisor_type, n.hypervisor_version, n.supported_instances, n.cpu_info, n.stats,
         s.disabled, s.forced_down, (extract(epoch FROM now() - s.last_seen_up) * 1000)::float8 AS silent_ms
    FROM compute_nodes n
    JOIN services s ON s.host = n.host AND s."binary" = 'nova-compute'
   WHERE n.mapped`;

const toFacts = (row: FactsRow, cellUuid: string, now: number): HostFacts => ({
  computeNodeUuid: row.uuid,
  host: row.host,
  nodename: row.hypervisor_hostname,
  cellUuid,
  hypervisorType: row.hypervisor_type,
  hypervisorVersion: row.hypervisor_version,
  supportedInstances: row.supported_instances,
  cpuInfo: row.cpu_info,
  stats: row.stats,
  service: {
    disabled: row.disabled,
    forcedDown: row.forced_down,
    lastSeenUp: row.silent_ms === null ? null : new Date(now - row.silent_ms),
  },
});

/**
 * Facts of the given nodes that live in a cell and are mapped. How long a service has been silent is measured by the clock
 * of its cell alone: `now` is only what the answer is expressed in.
 * @param now epoch milliseconds
 */
export async function hostFacts(
  sql: Sql,
  cellUuid: string,
  uuids: readonly string[],
  now: () => number = Date.now,
): Promise<readonly HostFacts[]> {
  const found = await rows<FactsRow>(sql, `${FACTS} AND n.uuid = ANY($1::uuid[])`, [uuids]);
  return found.map((row) => toFacts(row, cellUuid, now()));
}

/** Uuids of the nodes of a host, or those of a name; names are compared without case. */
export async function nodeUuids(sql: Sql, host: string | null, node: string | null): Promise<readonly string[]> {
  const found = await rows<{ uuid: string }>(
    sql,
    `SELECT uuid FROM compute_nodes
      WHERE mapped AND ($1::text IS NULL OR lower(host) = lower($1)) AND ($2::text IS NULL OR lower(hypervisor_hostname) = lower($2))`,
    [host, node],
  );
  return found.map((row) => row.uuid);
}

/** Instance → host, for those of the given that are on one. */
export async function instanceHosts(sql: Sql, uuids: readonly string[]): Promise<ReadonlyArray<readonly [string, string]>> {
  const found = await rows<{ uuid: string; host: string }>(
    sql,
    'SELECT uuid, host FROM instances WHERE uuid = ANY($1::uuid[]) AND host IS NOT NULL',
    [uuids],
  );
  return found.map((row) => [row.uuid, row.host] as const);
}
