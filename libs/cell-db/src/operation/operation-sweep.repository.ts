import {
  type InstanceFault,
  isWoundUp,
  operationRule,
  STEP_NAMES,
  type StepName,
  stepPlace,
  stepRule,
  type TaskState,
  type VmState,
} from '@kilonova/compute-objects';
import { execute, rows, type Sql } from '@kilonova/sql';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';
import type { EndedBuild } from './build.repository.js';
import type { OperationRow } from './operation.entity.js';
import { sendPlacings, sendReschedules, sendSteps, waitsInOutbox } from './operation.statements.js';
import { rollBackOf } from './step.repository.js';
import { failStatement, rescheduleStatement } from './step.statements.js';

export interface LostAfter {
  /** A living host that has neither taken a step nor said that it works on it for so long is told again. */
  readonly lostSeconds: number;
  readonly serviceDownSeconds: number;
}

export type OverdueOperation = Pick<
  OperationRow,
  'uuid' | 'instance_uuid' | 'name' | 'step' | 'attempt' | 'host' | 'state' | 'ctx'
>;

/** Operations that nobody works on any more. Rows that somebody has locked are passed over. */
export class OperationSweepRepository {
  /** Sends steps again whose agents live and know nothing of them: the message, or the agent's memory, was lost. */
  async sendAgain(sql: Sql, { lostSeconds, serviceDownSeconds }: LostAfter, limit: number): Promise<number> {
    return (await rows(sql, SEND_AGAIN, [lostSeconds, serviceDownSeconds, limit])).length;
  }

  /** Has the conductor look again for hosts of builds that failed and that it has not moved on. */
  async rescheduleAgain(sql: Sql, lostSeconds: number, limit: number): Promise<number> {
    return (await rows(sql, RESCHEDULE_AGAIN, [lostSeconds, limit])).length;
  }

  /** Has a super conductor look again for hosts of operations that nobody has looked after for so long. */
  async placeAgain(sql: Sql, lostSeconds: number, limit: number): Promise<number> {
    return (await rows(sql, PLACE_AGAIN, [lostSeconds, limit])).length;
  }

  /** Operations that could go to another host, and that hosts which are down have not taken for `seconds`. */
  async untaken(sql: Sql, seconds: number, serviceDownSeconds: number, limit: number): Promise<OverdueOperation[]> {
    return rows(sql, UNTAKEN, [seconds, serviceDownSeconds, limit, MOVABLE]);
  }

  /** Operations whose step has shown no sign of life for longer than `patience` (step → seconds) allows. */
  async overdue(sql: Sql, patience: Readonly<Record<StepName, number>>, limit: number): Promise<OverdueOperation[]> {
    return rows(sql, OVERDUE, [JSON.stringify(patience), limit]);
  }

  /**
   * Ends an overdue operation by its table entry: a build that no agent took goes to the next host, a move is wound up by
   * the conductor, everything else keeps its host, so that a delete reaches the agent. Undefined when it moved meanwhile,
   * or is being moved on.
   */
  async end(sql: Sql, operation: OverdueOperation, fault: InstanceFault): Promise<EndedBuild | undefined> {
    const { operation: name, rule } = stepPlace(operation.step);
    const { onFailure, event } = rule;
    const { instance_uuid, uuid, step, attempt, host } = operation;
    const isBuild = operationRule(name).claim === 'build';
    const elsewhere = isBuild ? operation.state === 'sent' : isWoundUp(operationRule(name), rule);
    const wayBack = rollBackOf(operation.step);
    const statement =
      wayBack ??
      (elsewhere
        ? rescheduleStatement
        : failStatement(step, onFailure === 'reset-task' ? 'unchanged' : 'error', { instance: '' }));
    const [row] = await rows<InstanceRecord & { old_vm_state: VmState; old_task_state: TaskState | null }>(sql, statement, [
      instance_uuid,
      uuid,
      step,
      attempt,
      host,
      event,
      JSON.stringify(fault),
    ]);
    return row === undefined || elsewhere || wayBack !== undefined
      ? undefined
      : { instance: toInstance(row), old_vm_state: row.old_vm_state, old_task_state: row.old_task_state };
  }

  /** Forgets ends that nobody came back to notify. */
  async purge(sql: Sql, days: number, limit: number): Promise<number> {
    return execute(
      sql,
      `DELETE FROM ended_steps WHERE (operation_uuid, step, attempt) IN (
         SELECT operation_uuid, step, attempt FROM ended_steps WHERE ended_at < now() - make_interval(days => $1) LIMIT $2)`,
      [days, limit],
    );
  }
}

/** Steps that may be given to another host instead. */
const MOVABLE: readonly StepName[] = STEP_NAMES.filter((name) => stepRule(name).onFailure === 'next-alternate');
const COLUMNS = 'o.uuid, o.instance_uuid, o.name, o.step, o.attempt, o.host, o.state, o.ctx';
const LAST_SIGN = 'greatest(o.changed_at, o.beat_at)';
const ALIVE = (seconds: string): string => `
  EXISTS (SELECT FROM services s WHERE s.host = o.host AND s."binary" = 'nova-compute'
             AND NOT s.forced_down AND s.last_seen_up > now() - make_interval(secs => ${seconds}))`;

const SEND_AGAIN = `
  WITH lost AS (
    SELECT o.instance_uuid FROM operations o
     WHERE o.state IN ('sent', 'taken') AND greatest(${LAST_SIGN}, o.sent_at) < now() - make_interval(secs => $1)
       AND ${ALIVE('$2')} AND NOT ${waitsInOutbox('o')}
     ORDER BY o.changed_at LIMIT $3 FOR UPDATE OF o SKIP LOCKED
  ), operation AS (
    UPDATE operations o SET sent_at = now() FROM lost WHERE o.instance_uuid = lost.instance_uuid RETURNING o.*
  ), sent AS (${sendSteps('operation')})
  SELECT uuid FROM operation`;

const RESCHEDULE_AGAIN = `
  WITH lost AS (
    SELECT o.instance_uuid FROM operations o
     WHERE o.state = 'failed' AND greatest(o.changed_at, o.sent_at) < now() - make_interval(secs => $1) AND NOT ${waitsInOutbox('o')}
     ORDER BY o.changed_at LIMIT $2 FOR UPDATE OF o SKIP LOCKED
  ), operation AS (
    UPDATE operations o SET sent_at = now() FROM lost WHERE o.instance_uuid = lost.instance_uuid RETURNING o.*
  ), sent AS (${sendReschedules('operation')})
  SELECT uuid FROM operation`;

const PLACE_AGAIN = `
  WITH lost AS (
    SELECT o.instance_uuid FROM operations o
     WHERE o.state = 'placing' AND o.sent_at < now() - make_interval(secs => $1) AND NOT ${waitsInOutbox('o')}
     ORDER BY o.changed_at LIMIT $2 FOR UPDATE OF o SKIP LOCKED
  ), operation AS (
    UPDATE operations o SET sent_at = now() FROM lost WHERE o.instance_uuid = lost.instance_uuid RETURNING o.*
  ), sent AS (${sendPlacings('operation')})
  SELECT uuid FROM operation`;

const UNTAKEN = `
  SELECT ${COLUMNS} FROM operations o
   WHERE o.state = 'sent' AND o.step = ANY($4) AND o.changed_at < now() - make_interval(secs => $1) AND NOT ${ALIVE('$2')}
   ORDER BY o.changed_at LIMIT $3`;

const OVERDUE = `
  SELECT ${COLUMNS} FROM operations o
   WHERE o.state IN ('sent', 'taken') AND ${LAST_SIGN} < now() - make_interval(secs => coalesce(($1::jsonb ->> o.step)::float8, 600))
   ORDER BY o.changed_at LIMIT $2`;
