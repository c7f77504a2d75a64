import type { Side, StepRule } from '@kilonova/compute-objects';

const COLUMNS = (alias: string, prefix: 'source' | 'dest', chosen: Readonly<Record<string, string>>, side: Side): string =>
  [
    `${chosen['host'] ?? `${alias}.${prefix}_compute`} AS ${side}_host`,
    `${chosen['node'] ?? `${alias}.${prefix}_node`} AS ${side}_node`,
    `${chosen['node_uuid'] ?? `${alias}.${prefix}_node_uuid`} AS ${side}_node_uuid`,
    `${chosen['zone'] ?? `${alias}.${prefix}_zone`} AS ${side}_zone`,
    `${chosen['flavor'] ?? `${alias}.${side === 'source' ? 'old' : 'new'}_flavor`} AS ${side}_flavor`,
  ].join(', ');

/** Where there is no migration, the destination is the host that was chosen, with the flavor that was asked for. */
const CHOSEN = (operation: string): Readonly<Record<string, string>> => ({
  host: `coalesce(g.dest_compute, ${operation}.arguments #>> '{selection,service_host}')`,
  node: `coalesce(g.dest_node, ${operation}.arguments #>> '{selection,nodename}')`,
  node_uuid: `coalesce(g.dest_node_uuid, (${operation}.arguments #>> '{selection,compute_node_uuid}')::uuid)`,
  flavor: `coalesce(g.new_flavor, nullif(${operation}.arguments -> 'flavor', 'null'))`,
  zone: `coalesce(g.dest_zone, ${operation}.arguments #>> '{selection,availability_zone}')`,
});

/** A CTE `sides` with both ends of the operation in the CTE `operation` (one row): host, node, node's uuid, zone and flavor of each. */
export const sidesOf = (operation: string): string => `
  sides AS MATERIALIZED (
    SELECT o.instance_uuid, ${COLUMNS('g', 'source', {}, 'source')}, ${COLUMNS('g', 'dest', CHOSEN('o'), 'destination')}
      FROM ${operation} o LEFT JOIN migrations g ON g.uuid = o.migration_uuid
  )`;

/** Assignments that put the instance `i` on a side; empty without one, else with a comma at the end. `sides` has to be joined. */
export const onSide = (side: Side | undefined): string =>
  side === undefined
    ? ''
    : `host = sides.${side}_host, node = sides.${side}_node, compute_node_uuid = sides.${side}_node_uuid,
       availability_zone = coalesce(sides.${side}_zone, i.availability_zone), flavor = coalesce(sides.${side}_flavor, i.flavor), `;

/** A CTE that has the server's place in its group follow it to a side; empty without one. */
export const groupTo = (side: Side | undefined): string =>
  side === undefined
    ? ''
    : `regrouped AS (UPDATE group_placements p SET host = sides.${side}_host FROM sides WHERE p.instance_uuid = sides.instance_uuid), `;

/** The host whose agent does a step, in a statement over `sides` and the locked row of the instance, `row_`. */
export const hostOf = (at: StepRule['at']): string => (at === 'host' ? 'row_.host' : `sides.${at}_host`);
