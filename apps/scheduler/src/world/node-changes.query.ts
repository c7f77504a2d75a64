import type { NodeHardware } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';

/** How far a picture of a cell has read, and which server it read from. */
export interface Position {
  /** The oldest transaction that was under way: whatever it or a younger one writes has to be read (again). */
  readonly xmin: string;
  /** What was committed by then: of what younger transactions wrote it has been read. */
  readonly snapshot: string;
  /** Changes when the server is restarted or replaced: transaction numbers before and after are not to be compared. */
  readonly lineage: string;
}

/** A compute node as its row says. */
export interface NodeRow {
  readonly uuid: string;
  readonly host: string;
  readonly nodename: string;
  readonly hypervisor_type: string;
  readonly hypervisor_version: number;
  readonly host_ip: string;
  readonly supported_instances: string;
  readonly cpu_info: string;
  readonly stats: Readonly<Record<string, string>>;
  readonly hardware: NodeHardware | null;
  readonly mapped: boolean;
}

/** A service that gets no servers. `silent_ms`: since its last heartbeat by the cell's clock; null: it never had one, or is gone. */
export interface TroubledService {
  readonly host: string;
  readonly disabled: boolean;
  readonly forced_down: boolean;
  readonly silent_ms: number | null;
}

/** What happened in a cell since a position. */
export interface NodeChanges {
  readonly position: Position;
  /** False: `nodes` is everything, because changes since the position can't be told. */
  readonly isContinuous: boolean;
  readonly nodes: readonly NodeRow[];
  /** Mapped nodes that the cell has in all: fewer than the picture holds tells of deleted ones. */
  readonly count: number;
  readonly troubled: readonly TroubledService[];
}

const LINEAGE = `concat(pg_postmaster_start_time(), '/', current_database())`;

const NODE = `json_build_object('uuid', n.uuid, 'host', n.host, 'nodename', n.hypervisor_hostname, 'hypervisor_type', n.hypervisor_type,
    'hypervisor_version', n.hypervisor_version, 'host_ip', n.host_ip, 'supported_instances', n.supported_instances::text,
    'cpu_info', n.cpu_info, 'stats', n.stats, 'hardware', n.hardware, 'mapped', n.mapped)`;

/**
 * A transaction that stays open, in whichever database of the server, holds the oldest number back for as long: what was committed
 * in the snapshot of the last reading is not read again on its account. Row versions tell 32 bits of their writer's number; the
 * others follow from how much older it is.
 */
const WRITER = '($1::xid8::text::bigint + age($1::xid8::xid) - age(n.xmin))::text::xid8';
const WRITTEN_SINCE = `(age(n.xmin) <= age($1::xid8::xid) AND NOT pg_visible_in_snapshot(${WRITER}, $4::pg_snapshot))`;

/**
 * One statement, so one snapshot. Rows are found by the age of the transaction that wrote them: that asks nothing of
 * writers and of the schema, and a scan of one cell's nodes takes a millisecond per few thousand.
 */
const CHANGES = `
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, pg_current_snapshot()::text AS snapshot, ${LINEAGE} AS lineage,
    $2::text IS NOT DISTINCT FROM ${LINEAGE} AS is_continuous,
    (SELECT count(*)::int FROM compute_nodes WHERE mapped) AS count,
    (SELECT coalesce(json_agg(${NODE}), '[]') FROM compute_nodes n
      WHERE $2::text IS DISTINCT FROM ${LINEAGE} OR ${WRITTEN_SINCE}) AS nodes,
    (SELECT coalesce(json_agg(json_build_object('host', h.host, 'disabled', coalesce(s.disabled, false),
              'forced_down', coalesce(s.forced_down, false),
              'silent_ms', extract(epoch FROM now() - s.last_seen_up) * 1000)), '[]')
       FROM (SELECT DISTINCT host FROM compute_nodes WHERE mapped) h
       LEFT JOIN services s ON s.host = h.host AND s."binary" = 'nova-compute'
      WHERE s.id IS NULL OR s.disabled OR s.forced_down OR s.last_seen_up IS NULL
         OR s.last_seen_up < now() - make_interval(secs => $3)) AS troubled`;

interface ChangesRow extends Omit<NodeChanges, 'position' | 'isContinuous'>, Position {
  readonly is_continuous: boolean;
}

/**
 * What changed in a cell since `from`; everything without it. How long a service has been silent is measured by the
 * clock of its cell alone.
 * @param downSeconds the silence after which a service counts as down
 */
export async function nodeChanges(sql: Sql, from: Position | undefined, downSeconds: number): Promise<NodeChanges> {
  const [row] = await rows<ChangesRow>(sql, CHANGES, [
    from?.xmin ?? '3',
    from?.lineage ?? null,
    downSeconds,
    from?.snapshot ?? null,
  ]);
  const { xmin, snapshot, lineage, is_continuous: isContinuous, ...rest } = row as ChangesRow;
  return { ...rest, position: { xmin, snapshot, lineage }, isContinuous };
}
