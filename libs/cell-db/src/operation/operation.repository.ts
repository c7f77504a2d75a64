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
import { type HandedCast, handedCast, type OutboxRow, portableCtx } from '@kilonova/messaging';
import { prepared, rows, type Sql } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { abandonImages } from '../image-errand/image-errand.statements.js';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';
import { acceptStatement } from './acceptance.statements.js';
import type { OperationRow } from './operation.entity.js';
import type { MessageWay } from './operation.statements.js';

/** The server as it was when the action was found to be allowed; the row must still be so. On no host only what looks for one is accepted. */
export type AcceptedFrom = Pick<Instance, 'uuid' | 'vm_state' | 'task_state' | 'host'>;

/** `changed`: the server is not as it was any more, or another operation is under way: to be looked at again. */
export type Acceptance =
  | {
      readonly outcome: 'accepted';
      readonly instance: Instance;
      readonly old_vm_state: VmState;
      readonly old_task_state: TaskState | null;
      /** The message, where the caller hands it to its relay. */
      readonly cast?: HandedCast;
    }
  | { readonly outcome: 'changed' };

/** What is being done to the instances of a cell. */
export class OperationRepository {
  /**
   * Accepts an action on a server: task state, record, operation, its migration where it has one, and the first message (to
   * the agent; to a super conductor where a host is needed), in one statement. An operation that pre-empts takes the place
   * of the one that is under way.
   */
  async accept<A extends OperationAction>(
    sql: Sql,
    ctx: Ctx,
    action: A,
    server: AcceptedFrom,
    args: OperationArguments[OperationOf<A>],
    via: MessageWay = 'relay',
  ): Promise<Acceptance> {
    const rule = actionRule(action);
    const operation = rule.operation === undefined ? undefined : operationRule(rule.operation);
    if (operation === undefined) throw new TypeError(`action ${action} has no operation`);
    const statement = acceptStatement(operation, via, rule.deletedAt);
    const [row] = await prepared<InstanceRecord & { message?: OutboxRow }>(sql, statement, [
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
      rule.migration ?? null,
    ]);
    if (row === undefined) return { outcome: 'changed' };
    const { message } = row;
    return {
      outcome: 'accepted',
      instance: toInstance(row),
      old_vm_state: server.vm_state,
      old_task_state: server.task_state,
      ...(message && { cast: handedCast(message) }),
    };
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

const DROP = `
  WITH dropped AS (DELETE FROM operations WHERE instance_uuid = $1 RETURNING *), ${abandonImages('dropped')}
  SELECT uuid FROM dropped`;
