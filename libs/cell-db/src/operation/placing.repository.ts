import {
  type Instance,
  type InstanceFault,
  type MigrationStatus,
  OPERATIONS,
  type OperationName,
  operationRule,
  type PlacedArguments,
  type RequestSpec,
  type Side,
  type TaskState,
  type VmState,
} from '@kilonova/compute-objects';
import { prepared, type Sql } from '@kilonova/sql';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';
import type { MigrationRow } from '../migration/migration.repository.js';
import type { OperationRow } from './operation.entity.js';
import { BEGIN, END, PLACE, REFUSE } from './placing.statements.js';

/** Events of the searches for hosts, by the names of operations. */
const EVENTS = JSON.stringify(
  Object.fromEntries(
    (Object.keys(OPERATIONS) as OperationName[]).flatMap((name) => {
      const event = operationRule(name).placed?.event;
      return event === undefined ? [] : [[name, event]];
    }),
  ),
);

/** An operation in the attempt that was decided about. */
export type Attempt = Pick<OperationRow, 'uuid' | 'name' | 'attempt'>;

/** An operation that a conductor looks for a host for. `operation.attempt` is this run's: a later run takes another. */
export interface Placing {
  readonly operation: OperationRow & { readonly arguments: PlacedArguments };
  readonly instance: Instance;
  readonly migration: MigrationRow | null;
}

/** How an operation ends that was wound up. */
export interface WindUp {
  readonly fault: InstanceFault;
  readonly vmState: 'error' | 'unchanged';
  readonly migration: MigrationStatus;
  /** Where the server is again; undefined: where its row says. */
  readonly side: Side | undefined;
  /** The server is on no host any more. */
  readonly leavesHost: boolean;
}

export interface WoundUp {
  readonly instance: Instance;
  readonly old_vm_state: VmState;
  readonly old_task_state: TaskState | null;
}

/**
 * The way of an operation that needs a host: looked for at the API level, from one host to the next, and back where
 * nothing came of it. Each run that looks for hosts has an attempt of its own, and every statement is conditional on it:
 * what an interrupted or late run decides is not stored.
 */
export class PlacingRepository {
  /** Takes the operation up; undefined when it is not (any more) one that needs a host. */
  async begin(sql: Sql, operationUuid: string, conductor: string): Promise<Placing | undefined> {
    const [row] = await prepared<{ operation: Placing['operation']; instance: InstanceRecord; migration: MigrationRow | null }>(
      sql,
      BEGIN,
      [operationUuid, conductor, EVENTS],
    );
    return row && { ...row, instance: toInstance(row.instance) };
  }

  /**
   * Stores what was chosen, which is claimed, and sends the first step (again: after a failed attempt, to the next host).
   * False when the operation is not in this attempt any more.
   */
  async place(sql: Sql, operation: Attempt, chosen: PlacedArguments): Promise<boolean> {
    const rule = operationRule(operation.name);
    const { selection } = chosen;
    const [sent] = await prepared(sql, PLACE, [
      operation.uuid,
      operation.attempt,
      JSON.stringify(chosen),
      rule.steps[0].at === 'source' ? 'source' : 'destination',
      selection?.service_host,
      selection?.nodename,
      selection?.compute_node_uuid,
      selection?.availability_zone,
      rule.placed?.event,
    ]);
    return sent !== undefined;
  }

  /** There is no host (`spec`: for what was asked, null where that did not come out): the cell's conductor is to wind the operation up. False when it is not in this attempt any more. */
  async refuse(sql: Sql, operation: Attempt, fault: InstanceFault, spec: RequestSpec | null): Promise<boolean> {
    const event = operationRule(operation.name).placed?.event;
    const values = [operation.uuid, operation.attempt, JSON.stringify(fault), event, JSON.stringify({ request_spec: spec })];
    const [refused] = await prepared(sql, REFUSE, values);
    return refused !== undefined;
  }

  /** Ends an operation whose step failed, once its claims are as they should be. Undefined when it is not in `attempt` any more. */
  async end(sql: Sql, operationUuid: string, attempt: number, end: WindUp): Promise<WoundUp | undefined> {
    const [row] = await prepared<InstanceRecord & Omit<WoundUp, 'instance'>>(sql, END(end), [
      operationUuid,
      attempt,
      JSON.stringify(end.fault),
    ]);
    return row && { instance: toInstance(row), old_vm_state: row.old_vm_state, old_task_state: row.old_task_state };
  }
}
