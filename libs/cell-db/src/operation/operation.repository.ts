import {
  actionRule,
  type Instance,
  type OperationAction,
  type OperationArguments,
  type OperationOf,
  operationRule,
  type TaskState,
  type VmState,
} from '@kilonova/compute-objects';
import { portableCtx } from '@kilonova/messaging';
import { prepared, rows, type Sql } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { abandonImages } from '../image-errand/image-errand.statements.js';
import { instanceColumns } from '../instance/instance.columns.js';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';
import type { OperationRow } from './operation.entity.js';
import { sendSteps } from './operation.statements.js';

/** The server as it was when the action was found to be allowed; the row must still be so. */
export type AcceptedFrom = Pick<Instance, 'uuid' | 'vm_state' | 'task_state'> & { readonly host: string };

/** `changed`: the server is not as it was any more, or another operation is under way: to be looked at again. */
export type Acceptance =
  | {
      readonly outcome: 'accepted';
      readonly instance: Instance;
      readonly old_vm_state: VmState;
      readonly old_task_state: TaskState | null;
    }
  | { readonly outcome: 'changed' };

/** What is being done to the instances of a cell. */
export class OperationRepository {
  /**
   * Accepts an action on a server that is on a host: task state, record, operation and the message to the agent, in one
   * statement. An operation that pre-empts takes the place of the one that is under way.
   */
  async accept<A extends OperationAction>(
    sql: Sql,
    ctx: Ctx,
    action: A,
    server: AcceptedFrom,
    args: OperationArguments[OperationOf<A>],
  ): Promise<Acceptance> {
    const rule = actionRule(action);
    const operation = rule.operation === undefined ? undefined : operationRule(rule.operation);
    if (operation === undefined) throw new TypeError(`action ${action} has no operation`);
    const [row] = await prepared<InstanceRecord>(sql, accept(operation.preempts), [
      server.uuid,
      server.vm_state,
      server.task_state,
      server.host,
      rule.taskState,
      rule.recordedAs ?? action,
      rule.operation,
      operation.steps[0].message.name,
      JSON.stringify(args),
      JSON.stringify(portableCtx(ctx, false)),
      ctx.requestId,
      ctx.principal?.userId ?? null,
      ctx.principal?.projectId ?? null,
    ]);
    return row === undefined
      ? { outcome: 'changed' }
      : { outcome: 'accepted', instance: toInstance(row), old_vm_state: server.vm_state, old_task_state: server.task_state };
  }

  async find(sql: Sql, instanceUuid: string): Promise<OperationRow | undefined> {
    const [found] = await rows<OperationRow>(sql, 'SELECT * FROM operations WHERE instance_uuid = $1', [instanceUuid]);
    return found;
  }

  /** Ends what is under way, by a word from outside: its agent finds out with its next beat. */
  async drop(sql: Sql, instanceUuid: string): Promise<boolean> {
    return (await rows(sql, DROP, [instanceUuid])).length > 0;
  }

  /** How many operations there are by step and state, and the age of the oldest, seconds. */
  async counts(sql: Sql): Promise<Array<Pick<OperationRow, 'step' | 'state'> & { count: number; oldest_seconds: number }>> {
    return rows(
      sql,
      `SELECT step, state, count(*)::int AS count, extract(epoch FROM now() - min(created_at))::float8 AS oldest_seconds
         FROM operations GROUP BY step, state`,
    );
  }
}

const PREEMPT = `
    ON CONFLICT (instance_uuid) DO UPDATE
       SET uuid = excluded.uuid, name = excluded.name, step = excluded.step, attempt = 1, host = excluded.host, state = 'sent',
           arguments = excluded.arguments, ctx = excluded.ctx, fault = NULL, created_at = now(), changed_at = now(), sent_at = now(),
           beat_at = NULL`;

const DROP = `
  WITH dropped AS (DELETE FROM operations WHERE instance_uuid = $1 RETURNING *), ${abandonImages('dropped')}
  SELECT uuid FROM dropped`;

// Of the operation whose place is taken the row is read as it was.
const PREEMPTED = `preempted AS MATERIALIZED (
    SELECT o.* FROM operations o JOIN changed ON o.instance_uuid = changed.uuid
  ), ${abandonImages('preempted')}, `;

// The instance's row is locked before its operation is looked at, so that of two requests one comes second and sees the other.
const accept = (preempts: boolean): string => `
  WITH old AS MATERIALIZED (
    SELECT uuid FROM instances
     WHERE uuid = $1 AND vm_state = $2 AND task_state IS NOT DISTINCT FROM $3::text AND host IS NOT DISTINCT FROM $4::text
       ${preempts ? '' : 'AND NOT EXISTS (SELECT FROM operations WHERE instance_uuid = $1)'}
     FOR UPDATE
  ), changed AS (
    UPDATE instances i SET task_state = $5, progress = 0, revision = i.revision + 1, updated_at = now()
      FROM old WHERE i.uuid = old.uuid
    RETURNING ${instanceColumns('i')}
  ), recorded AS (
    INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time)
    SELECT $6, uuid, $11, $12, $13, now() FROM changed
    ON CONFLICT (instance_uuid, request_id, action) DO NOTHING
  ), ${preempts ? PREEMPTED : ''}operation AS (
    INSERT INTO operations (instance_uuid, name, step, host, state, arguments, ctx)
    SELECT uuid, $7, $8, $4, 'sent', $9::jsonb, $10::jsonb FROM changed
    ${preempts ? PREEMPT : ''}
    RETURNING *
  ), sent AS (${sendSteps('operation')})
  SELECT * FROM changed`;
