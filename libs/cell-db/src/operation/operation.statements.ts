import { messages, OPERATIONS, type OperationName, operationRule } from '@kilonova/compute-objects';
import { OUTBOX_INSERT, OUTBOX_INSERT_LEASED, OUTBOX_LEASE } from '@kilonova/messaging';

/** The message to an agent, as `StepTicket` has it. */
const TICKET = (operation: string): string =>
  `jsonb_build_object('operation_uuid', ${operation}.uuid, 'instance_uuid', ${operation}.instance_uuid, 'attempt', ${operation}.attempt)`;

/** Who sends a message: a relay that is woken or looks by itself, or the writer's, which it is handed to. */
export type MessageWay = 'relay' | 'hand';

/** Stores a message for each row of `operation`; what is to be handed over is answered whole. */
const send = (columns: string, operation: string, via: MessageWay): string =>
  via === 'relay'
    ? `${OUTBOX_INSERT} SELECT ${columns} FROM ${operation}`
    : `${OUTBOX_INSERT_LEASED} SELECT ${columns}, ${OUTBOX_LEASE} FROM ${operation} RETURNING *`;

/** Tells the agents of the rows of `operation` (a CTE of whole rows) that there is a step for them. */
export const sendSteps = (operation: string, via: MessageWay = 'relay'): string =>
  send(
    `gen_random_uuid(), 'cell', 'compute', ${operation}.host, ${operation}.step, '${messages.buildAndRunInstance.version}', ${TICKET(operation)}, ${operation}.ctx`,
    operation,
    via,
  );

/** Has the cell's conductor look for another host for the rows of `operation`. */
export const sendReschedules = (operation: string): string => `
  ${OUTBOX_INSERT}
  SELECT gen_random_uuid(), 'cell', 'conductor', NULL, '${messages.rescheduleBuild.name}', '${messages.rescheduleBuild.version}', ${TICKET(operation)}, ctx FROM ${operation}`;

const OPERATION_TICKET = (operation: string): string =>
  `jsonb_build_object('operation_uuid', ${operation}.uuid, 'instance_uuid', ${operation}.instance_uuid)`;

/** Has a super conductor look for hosts for the rows of `operation`. */
export const sendPlacings = (operation: string, via: MessageWay = 'relay'): string =>
  send(
    `gen_random_uuid(), 'api', 'conductor', NULL::text, '${messages.placeOperation.name}', '${messages.placeOperation.version}', ${OPERATION_TICKET(operation)}, ${operation}.ctx`,
    operation,
    via,
  );

/** Operations that claim more for a server where it is, as SQL literals. */
const GROWING = (Object.keys(OPERATIONS) as OperationName[])
  .filter((name) => operationRule(name).placed?.claim === 'grow')
  .map((name) => `'${name}'`)
  .join(', ');

/** A CTE that has the API level count anew what servers hold whose change of flavor ends with the rows of `operation`. */
export const settleHoldings = (operation: string): string => `
  settled AS (
    ${OUTBOX_INSERT}
    SELECT gen_random_uuid(), 'api', 'conductor', NULL, '${messages.settleHolding.name}', '${messages.settleHolding.version}',
           jsonb_build_object('instance_uuid', o.instance_uuid), o.ctx
      FROM ${operation} o LEFT JOIN migrations g ON g.uuid = o.migration_uuid
     WHERE g.new_flavor IS NOT NULL OR o.name IN (${GROWING})
  )`;

/** A CTE that brings the migrations of the rows of `operation` to the status `$status`; null leaves them. */
export const setMigration = (operation: string, status: string): string => `
  migration_ AS (
    UPDATE migrations g SET status = ${status}, updated_at = now()
      FROM ${operation} o WHERE g.uuid = o.migration_uuid AND ${status} IS NOT NULL
  )`;

/** Whether a message about the row still waits in the outbox: then the broker is the trouble, not the message. */
export const waitsInOutbox = (operation: string): string =>
  `EXISTS (SELECT FROM outbox w WHERE w.args ->> 'operation_uuid' = ${operation}.uuid::text)`;

/** The record of the request that the operation belongs to. */
export const actionOf = (operation: string): string => `
  SELECT a.id FROM instance_actions a JOIN ${operation} o ON a.instance_uuid = o.instance_uuid AND a.request_id = o.ctx ->> 'requestId'
   ORDER BY a.id DESC LIMIT 1`;

/** CTEs that open the event `$event` of the operation's action, unless it is open already. */
export const openEvent = (operation: string, event: string): string => `
  act AS MATERIALIZED (${actionOf(operation)}), opened AS (
    INSERT INTO instance_action_events (action_id, event, start_time, host)
    SELECT act.id, ${event}, now(), o.host FROM act, ${operation} o
     WHERE NOT EXISTS (SELECT FROM instance_action_events e
                        WHERE e.action_id = act.id AND e.event = ${event} AND e.host = o.host AND e.finish_time IS NULL)
    ON CONFLICT (action_id, event, start_time) DO NOTHING
  ), acted AS (
    UPDATE instance_actions a SET updated_at = now() FROM act WHERE a.id = act.id
  )`;

/**
 * CTEs that close the event `$event` of the operation's action with the fault `$fault` (null: it succeeded), and the action
 * itself when `ends` (an SQL condition).
 */
export const closeEvent = (operation: string, event: string, fault: string, ends: string): string => `
  act AS MATERIALIZED (${actionOf(operation)}), closed AS (
    UPDATE instance_action_events e
       SET finish_time = now(), result = CASE WHEN ${fault} IS NULL THEN 'Success' ELSE 'Error' END,
           details = ${fault} ->> 'message', traceback = ${fault} ->> 'details'
      FROM act, ${operation} o WHERE e.action_id = act.id AND e.event = ${event} AND e.host = o.host AND e.finish_time IS NULL
  ), acted AS (
    UPDATE instance_actions a
       SET updated_at = now(), message = CASE WHEN ${fault} IS NULL THEN a.message ELSE 'Error' END,
           finish_time = CASE WHEN ${ends} THEN now() ELSE a.finish_time END
      FROM act WHERE a.id = act.id
  )`;
