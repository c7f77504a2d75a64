import { instanceColumns } from '../instance/instance.columns.js';
import { actionOf, sendReschedules, sendSteps, setMigration, settleHoldings } from './operation.statements.js';
import type { WindUp } from './placing.repository.js';
import { groupTo, onSide, sidesOf } from './sides.statements.js';
import { CANCELLED } from './step.statements.js';

/** Operation $1 in attempt $2, with the instance's row locked before it. */
const MINE = (state: string): string => `
  row_ AS MATERIALIZED (
    SELECT i.uuid, i.vm_state, i.task_state FROM instances i JOIN operations o ON o.instance_uuid = i.uuid WHERE o.uuid = $1 FOR UPDATE OF i
  ), mine AS MATERIALIZED (
    SELECT o.* FROM operations o JOIN row_ ON o.instance_uuid = row_.uuid WHERE o.uuid = $1 AND o.attempt = $2 AND o.state ${state} FOR UPDATE OF o
  )`;

/** $1 operation, $2 the conductor, $3 events by the operation's name. A run that was interrupted has left its event open. */
export const BEGIN = `
  WITH operation AS (
    UPDATE operations o SET attempt = o.attempt + 1, host = $2, changed_at = now(), sent_at = now()
     WHERE o.uuid = $1 AND o.state = 'placing'
    RETURNING o.*
  ), act AS MATERIALIZED (${actionOf('operation')}), opened AS (
    INSERT INTO instance_action_events (action_id, event, start_time, host)
    SELECT act.id, $3::jsonb ->> o.name, now(), $2 FROM act, operation o
     WHERE NOT EXISTS (SELECT FROM instance_action_events e
                        WHERE e.action_id = act.id AND e.event = $3::jsonb ->> o.name AND e.finish_time IS NULL)
    ON CONFLICT (action_id, event, start_time) DO NOTHING
  )
  SELECT to_jsonb(o) AS operation, to_jsonb(g) AS migration, i.instance FROM operation o
    JOIN LATERAL (SELECT to_jsonb(s) AS instance FROM (SELECT ${instanceColumns('l')} FROM instances l WHERE l.uuid = o.instance_uuid) s) i ON true
    LEFT JOIN migrations g ON g.uuid = o.migration_uuid`;

/** CTEs that close the event `$event` of the search for a host, with the fault `$fault` (null: it succeeded). */
const closeSearch = (event: string, fault: string): string => `
  act AS MATERIALIZED (${actionOf('mine')}), closed AS (
    UPDATE instance_action_events e
       SET finish_time = now(), result = CASE WHEN ${fault} IS NULL THEN 'Success' ELSE 'Error' END,
           details = ${fault} ->> 'message', traceback = ${fault} ->> 'details'
      FROM act WHERE e.action_id = act.id AND e.event = ${event}::text AND e.finish_time IS NULL
  ), acted AS (
    UPDATE instance_actions a SET updated_at = now() FROM act WHERE a.id = act.id
  )`;

/**
 * $3 arguments, $4 the side that the first step is at, $5 to $8 host, node, node's uuid and zone of what was chosen, $9 event.
 * Nova keeps the destination's address with all moves but live ones.
 */
export const PLACE = `
  WITH ${MINE(`IN ('placing', 'failed')`)}, migration AS (
    UPDATE migrations g
       SET dest_compute = $5, dest_node = $6, dest_node_uuid = $7::uuid, dest_zone = $8::text, updated_at = now(),
           dest_host = CASE WHEN g.migration_type <> 'live-migration' THEN (SELECT n.host_ip FROM compute_nodes n WHERE n.uuid = $7::uuid) END
      FROM mine WHERE g.uuid = mine.migration_uuid
    RETURNING g.source_compute
  ), operation AS (
    UPDATE operations o
       SET state = 'sent', arguments = o.arguments || $3::jsonb, fault = NULL, changed_at = now(), sent_at = now(), beat_at = NULL,
           attempt = CASE mine.state WHEN 'placing' THEN o.attempt ELSE o.attempt + 1 END,
           host = CASE WHEN $4::text = 'source' THEN (SELECT source_compute FROM migration) ELSE $5::text END
      FROM mine WHERE o.instance_uuid = mine.instance_uuid
    RETURNING o.*
  ), sent AS (${sendSteps('operation')}), ${closeSearch('$9', 'NULL::jsonb')}
  SELECT uuid FROM operation`;

/** $3 fault, $4 event, $5 what is added to the arguments. */
export const REFUSE = `
  WITH ${MINE(`= 'placing'`)}, operation AS (
    UPDATE operations o SET state = 'failed', fault = $3::jsonb, arguments = o.arguments || $5::jsonb, changed_at = now(), sent_at = now()
      FROM mine WHERE o.instance_uuid = mine.instance_uuid
    RETURNING o.*
  ), sent AS (${sendReschedules('operation')}), ${closeSearch('$4', '$3::jsonb')}
  SELECT uuid FROM operation`;

/** The server's place in its group is where the server is, or nowhere. */
const regrouped = ({ side, leavesHost }: WindUp): string => {
  if (leavesHost) return 'regrouped AS (DELETE FROM group_placements p USING mine WHERE p.instance_uuid = mine.instance_uuid), ';
  if (side !== undefined) return groupTo(side);
  return `regrouped AS (
    UPDATE group_placements p SET host = i.host FROM mine, instances i
     WHERE p.instance_uuid = mine.instance_uuid AND i.uuid = mine.instance_uuid AND i.host IS NOT NULL
  ), `;
};

/** $3 fault. The step's event was closed when it failed. */
export const END = (end: WindUp): string => `
  WITH ${MINE(`= 'failed'`)}, ${sidesOf('mine')}, operation AS (
    DELETE FROM operations o USING mine WHERE o.instance_uuid = mine.instance_uuid
  ), ${setMigration('mine', `CASE WHEN ${CANCELLED('o')} THEN 'cancelled' ELSE '${end.migration}' END`)}, ${settleHoldings('mine')}, ${regrouped(end)}changed AS (
    UPDATE instances i
       SET ${onSide(end.side)}${end.leavesHost ? 'host = NULL, node = NULL, compute_node_uuid = NULL, launched_on = NULL, ' : ''}${end.vmState === 'unchanged' ? '' : `vm_state = '${end.vmState}', `}task_state = NULL,
           fault = CASE WHEN ${CANCELLED('mine')} THEN i.fault ELSE $3::jsonb END,
           revision = i.revision + 1, updated_at = now()
      FROM mine, sides WHERE i.uuid = mine.instance_uuid
    RETURNING ${instanceColumns('i')}
  ), act AS MATERIALIZED (${actionOf('mine')}), acted AS (
    UPDATE instance_actions a SET updated_at = now(), finish_time = now(), message = 'Error' FROM act WHERE a.id = act.id
  )
  SELECT changed.*, row_.vm_state AS old_vm_state, row_.task_state AS old_task_state FROM changed, row_`;
