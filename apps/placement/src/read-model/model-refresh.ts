import type { NameTable, World } from '../model/world/index.js';
import type { Sql } from '../store/sql.js';
import { CHANGE_KIND } from './change-kind.js';
import { PROVIDER_COLUMNS, type ProviderRow, toProviderState } from './model-rows.js';

/** How far a world has read: the snapshot of its last query, and what that snapshot may be compared within. */
export interface Position {
  readonly snapshot: string;
  /** Changes when the server was restarted or replaced, or a table truncated. */
  readonly lineage: string;
}

const POSITION = `pg_current_snapshot()::text AS snapshot,
    concat(pg_postmaster_start_time(), '/', (SELECT epoch FROM model_state)) AS lineage`;

interface RefreshRow extends Position, ProviderRow {
  readonly is_continuous: boolean;
  readonly kind: string | null;
  readonly row_id: string | number;
  readonly label: string | null;
}

/**
 * All that changed since a snapshot, in one statement and so in one snapshot: marks whose transaction that snapshot could
 * not see, each with the present state of what it marks (nothing when deleted). At least one row, which carries the new
 * position. The upper bound on xid holds for every visible mark; it makes the planner expect a narrow range, whatever
 * parameters a prepared plan may get, and `OFFSET 0` keeps it from joining providers otherwise than one by one.
 */
const REFRESH = `WITH changed AS (
    SELECT kind, row_id FROM model_changes
    WHERE xid >= pg_snapshot_xmin($1::pg_snapshot) AND xid < pg_snapshot_xmax(pg_current_snapshot())
      AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot))
  SELECT ${POSITION},
    coalesce((SELECT pruned_below <= pg_snapshot_xmin($1::pg_snapshot) FROM model_state), true) AS is_continuous,
    c.kind, c.row_id, p.*,
    CASE c.kind WHEN '${CHANGE_KIND.trait}' THEN (SELECT t.name FROM traits t WHERE t.id = c.row_id)
                WHEN '${CHANGE_KIND.resourceClass}' THEN (SELECT r.name FROM resource_classes r WHERE r.id = c.row_id)
                WHEN '${CHANGE_KIND.aggregate}' THEN (SELECT a.uuid::text FROM placement_aggregates a WHERE a.id = c.row_id)
    END AS label
  FROM (SELECT) one LEFT JOIN changed c ON true
  LEFT JOIN LATERAL (SELECT ${PROVIDER_COLUMNS} FROM resource_providers p
                     WHERE c.kind = '${CHANGE_KIND.provider}' AND p.id = c.row_id OFFSET 0) p ON true`;

/**
 * Brings a world up to date from where it stands. Answers its new position; undefined when the changes since then cannot
 * be told (marks were pruned, a table truncated, the server restarted or replaced), so that everything has to be loaded anew.
 */
export async function refreshWorld(sql: Sql, world: World, from: Position): Promise<Position | undefined> {
  const rows = await sql.query<RefreshRow>(REFRESH, [from.snapshot]);
  const [first] = rows;
  if (first === undefined || !first.is_continuous || first.lineage !== from.lineage) return undefined;
  for (const row of rows) applyChange(world, row);
  return { snapshot: first.snapshot, lineage: first.lineage };
}

/** The present position, for a world that is about to be loaded. */
export async function currentPosition(sql: Sql): Promise<Position> {
  const rows = await sql.query<Position>(`SELECT ${POSITION}`);
  return rows[0] as Position;
}

function applyChange(world: World, row: RefreshRow): void {
  const id = Number(row.row_id);
  if (row.kind === CHANGE_KIND.provider) {
    if (row.id === null) world.removeProvider(id);
    else world.apply(toProviderState(row));
  } else if (row.kind === CHANGE_KIND.trait) {
    setName(world.traits, id, row.label);
    world.sharing.invalidate();
  } else if (row.kind === CHANGE_KIND.resourceClass) setName(world.classes, id, row.label);
  else if (row.kind === CHANGE_KIND.aggregate) setName(world.aggregates, id, row.label);
}

function setName(table: NameTable, id: number, name: string | null): void {
  if (name === null) table.delete(id);
  else table.set(id, name);
}
