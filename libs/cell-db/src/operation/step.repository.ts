import {
  type AdvanceStep,
  type AdvanceStepResult,
  type AllocationRequest,
  type BlockDevice,
  type ClaimChange,
  type FailureRule,
  type FinishStep,
  type FinishStepResult,
  type GuestDevice,
  type HostWork,
  type InstanceFault,
  type InstanceGroup,
  isWoundUp,
  type OperationName,
  type OperationSubject,
  operationRule,
  type PlacedArguments,
  PowerState,
  type StepBeat,
  type StepName,
  type StepRef,
  type StepRule,
  type StepUpdates,
  stepArguments,
  stepPlace,
  stepRule,
  type TakeStep,
  type TakeStepResult,
  type TaskState,
  type VmState,
} from '@kilonova/compute-objects';
import { execute, prepared, rows, type Sql } from '@kilonova/sql';
import { invalid } from '@kilonova/util';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';
import { assignments } from '../instance/instance-assignments.js';
import { type MigrationRow, toMigration } from '../migration/migration.repository.js';
import type { OperationRow } from './operation.entity.js';
import {
  ADVANCE,
  BEAT,
  ENDED,
  endStatement,
  failStatement,
  freeDevices,
  GROUP_TO_CHECK,
  keyOf,
  rescheduleStatement,
  rollBackStatement,
  TAKE,
} from './step.statements.js';

interface OldStates {
  readonly old_vm_state: VmState;
  readonly old_task_state: TaskState | null;
}

type TakenRow = InstanceRecord &
  OldStates &
  Pick<OperationRow, 'arguments'> & {
    readonly resumed: boolean;
    readonly block_devices: readonly BlockDevice[];
    readonly devices: readonly GuestDevice[];
    readonly migration: MigrationRow | null;
  };
type EndedRow = InstanceRecord &
  OldStates & {
    readonly step_fault: InstanceFault | null;
    readonly subject: OperationSubject | null;
    readonly source_compute?: string | null;
  };

/** The parts of operations that agents do: taken, advanced, finished; each conditional on being the agent's still. */
export class StepRepository {
  /**
   * The agent whose host the step was given to takes it on; the same agent may do so again after an interruption. A build
   * takes its place in its server group in the same statement, under a hard policy only with `groupChecked`.
   */
  async take(sql: Sql, step: TakeStep, groupChecked = false): Promise<TakeStepResult> {
    const rule = stepRule(step.step);
    const task = rule.tasks.at(-1) ?? null;
    const values = [...keyOf(step), task, rule.event, groupChecked, rule.arrival ?? null, rule.migration ?? null];
    const [row] = await prepared<TakenRow>(sql, TAKE, values);
    if (row === undefined) return this.#ended(sql, step);
    return {
      outcome: 'taken',
      instance: toInstance(row),
      arguments: stepArguments(row.arguments) as never,
      block_devices: row.block_devices,
      migration: row.migration && toMigration(row.migration),
      ...claimOf(row.arguments, rule),
      ...(row.devices.length === 0 ? {} : { devices: row.devices }),
      old_vm_state: row.old_vm_state,
      old_task_state: row.old_task_state,
      resumed: row.resumed,
    };
  }

  /** The server group with a hard policy whose check a build waits for that was sent to this agent. */
  async groupToCheck(sql: Sql, step: TakeStep): Promise<InstanceGroup | undefined> {
    const [row] = await rows<{ group: InstanceGroup }>(sql, GROUP_TO_CHECK, keyOf(step));
    return row?.group;
  }

  /**
   * The step's end is about to change the server's claims: its devices go before, as with `change`. False: the agent has not taken
   * the step, or has finished it.
   */
  async freeDevices(sql: Sql, step: TakeStep, change: Exclude<ClaimChange, 'kept'>): Promise<boolean> {
    return (await prepared(sql, freeDevices(change), keyOf(step))).length > 0;
  }

  /** Whether the instance is on the host by its row: what an agent does with a guest of a stale step depends on it. */
  async isOnHost(sql: Sql, { instance_uuid, host }: TakeStep): Promise<boolean> {
    return (await rows(sql, 'SELECT 1 FROM instances WHERE uuid = $1 AND host = $2', [instance_uuid, host])).length > 0;
  }

  /** A step that was not taken fails on its host: where the table has it so, the conductor looks for another. */
  async refuse(sql: Sql, step: TakeStep, fault: InstanceFault): Promise<void> {
    await rows(sql, rescheduleStatement, [...keyOf(step), stepRule(step.step).event, JSON.stringify(fault)]);
  }

  /** Another task state within the step, or progress. */
  async advance(sql: Sql, step: AdvanceStep): Promise<AdvanceStepResult> {
    const [row] = await rows<InstanceRecord & OldStates>(sql, ADVANCE, [...keyOf(step), step.task_state, step.progress ?? null]);
    return row === undefined
      ? { outcome: 'stale' }
      : { outcome: 'advanced', instance: toInstance(row), old_task_state: row.old_task_state };
  }

  /**
   * Stores how a step ended: the instance, the event and the record, and what follows by the operation table. Told again,
   * it answers as the first time.
   */
  async finish(sql: Sql, step: FinishStep): Promise<FinishStepResult> {
    const { statement, values } = this.#finishing(step);
    const [row] = await prepared<EndedRow>(sql, statement, [...keyOf(step), ...values]);
    return row === undefined ? this.#ended(sql, step) : finished(row);
  }

  /** The agents' beats. Returns which of the steps are theirs no more; ends that they have notified are forgotten. */
  async beat(sql: Sql, hosts: readonly string[], steps: readonly StepBeat[], notified: readonly StepRef[]): Promise<string[]> {
    if (notified.length > 0) {
      await execute(sql, FORGET, [hosts, JSON.stringify(notified)]);
    }
    if (steps.length === 0) return [];
    const alive = await prepared<{ uuid: string }>(sql, BEAT, [hosts, JSON.stringify(steps)]);
    const known = new Set(alive.map((row) => row.uuid));
    return steps.map((step) => step.operation_uuid).filter((uuid) => !known.has(uuid));
  }

  /** What a host was in the middle of: steps that it took, and ends that it may not have notified. */
  async ofHost(sql: Sql, host: string): Promise<HostWork['steps']> {
    return rows(
      sql,
      `SELECT uuid AS operation_uuid, instance_uuid, step, attempt, ctx FROM operations WHERE host = $1 AND state = 'taken'
       UNION ALL SELECT operation_uuid, instance_uuid, step, attempt, ctx FROM ended_steps WHERE host = $1`,
      [host],
    );
  }

  /** @throws AppError `invalid-input`, code `cell.instance.field_not_updatable` */
  #finishing(step: FinishStep): { readonly statement: string; readonly values: readonly unknown[] } {
    const { operation, rule } = stepPlace(step.step);
    checkReported(step.updates);
    const { block_devices, ...updates } = step.updates;
    const set = assignments(updates, undefined, FIRST_UPDATE);
    const reported = block_devices === undefined ? [] : [JSON.stringify(block_devices)];
    const devices = block_devices === undefined ? undefined : `$${FIRST_UPDATE + set.values.length}`;
    const writes = { instance: set.text, power: set.parameters.get('power_state'), devices };
    const values = [...set.values, ...reported];
    if (step.fault === undefined) {
      const { statement, keepsServer } = endStatement(step.step, writes);
      return { statement, values: [rule.event, null, ...(keepsServer ? values : [])] };
    }
    const fault = JSON.stringify(step.fault);
    const wayBack = rollBackOf(step.step);
    if (wayBack !== undefined) return { statement: wayBack, values: [rule.event, fault] };
    if (isWoundUp(operationRule(operation), rule)) return { statement: rescheduleStatement, values: [rule.event, fault] };
    return {
      statement: failStatement(step.step, stateAfter(rule.onFailure, step.updates), writes),
      values: [rule.event, fault, ...values],
    };
  }

  async #ended(sql: Sql, step: TakeStep): Promise<FinishStepResult> {
    const [row] = await prepared<EndedRow>(sql, ENDED, keyOf(step));
    return row === undefined ? { outcome: 'stale', on_host: await this.isOnHost(sql, step) } : finished(row);
  }
}

/** What was claimed of the host that the server comes to with the step. */
function claimOf(given: OperationRow['arguments'], { arrival }: StepRule): { readonly claim?: AllocationRequest } {
  const { selection } = given as Partial<PlacedArguments>;
  return arrival === undefined || selection == null ? {} : { claim: selection.allocation_request };
}

/** What a failure of the step is answered with where its operation is rolled back then. */
export function rollBackOf(step: StepName): string | undefined {
  const { operation, rule } = stepPlace(step);
  const rollback = operationRule(operation).rollback as OperationName | undefined;
  if (rule.onFailure !== 'roll-back' || rollback === undefined) return undefined;
  return rollBackStatement(rollback, operationRule(rollback).steps[0], rule.failedMigration);
}

/** The state of a server whose failed step is its operation's end. */
function stateAfter(rule: FailureRule, updates: StepUpdates): 'error' | 'active' | 'unchanged' {
  if (rule === 'reset-task') return 'unchanged';
  return rule === 'error-unless-running' && updates.power_state === PowerState.RUNNING ? 'active' : 'error';
}

/** States, hosts and names follow from tables and rows; agents report of the guest alone. */
const REPORTED: ReadonlySet<string> = new Set<keyof StepUpdates>([
  'power_state',
  'progress',
  'root_device_name',
  'system_metadata',
  'block_devices',
  'network_info',
]);

function checkReported(updates: StepUpdates): void {
  const foreign = Object.keys(updates).find((field) => !REPORTED.has(field));
  if (foreign !== undefined) throw invalid('cell.instance.field_not_updatable', `Field ${foreign} cannot be changed by a step.`);
}

/** Of every statement of a step, 6 and 7 are the event and the fault. */
const FIRST_UPDATE = 8;

const finished = (row: EndedRow): FinishStepResult => ({
  outcome: 'finished',
  instance: toInstance(row),
  old_vm_state: row.old_vm_state,
  old_task_state: row.old_task_state,
  fault: row.step_fault,
  subject: row.subject,
  ...(row.source_compute == null ? {} : { source_compute: row.source_compute }),
});

const FORGET = `
  DELETE FROM ended_steps e USING jsonb_to_recordset($2::jsonb) AS n (operation_uuid uuid, step text, attempt int)
   WHERE e.operation_uuid = n.operation_uuid AND e.step = n.step AND e.attempt = n.attempt AND e.host = ANY($1)`;
