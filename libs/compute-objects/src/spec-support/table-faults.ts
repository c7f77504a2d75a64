import type { MessageInfo } from '@kilonova/util';
import type { ActionRule } from '../operations/action-table.js';
import type { OperationRule, StepRule } from '../operations/operation-rule.js';
import { TASK_STATES, VM_STATES } from '../states.js';
import { moveFaults } from './move-faults.js';

export interface Tables {
  readonly actions: Readonly<Record<string, ActionRule>>;
  readonly operations: Readonly<Record<string, OperationRule>>;
}

const known = <T>(all: readonly T[], values: readonly T[] | 'any'): boolean =>
  values === 'any' || (values.length > 0 && values.every((value) => all.includes(value)));
const TASKS: readonly unknown[] = [...TASK_STATES, null];
const FAILURES: readonly string[] = ['next-alternate', 'reset-task', 'error', 'error-unless-running', 'roll-back'];
const ENDS: readonly string[] = [...VM_STATES, 'unchanged', 'by-power'];
const EVENT = /^(compute|conductor)_[a-z_]+$/;

/** Faults of one action, as sentences. */
function actionFaults(name: string, action: ActionRule, { operations }: Tables): string[] {
  const operation = action.operation === undefined ? undefined : operations[action.operation];
  const first = operation?.steps[0];
  return [
    ...(known(VM_STATES, action.vmStates) ? [] : ['starts from a state that does not exist']),
    ...(known(TASKS, action.taskStates) ? [] : ['starts from a task state that does not exist']),
    ...(action.operation !== undefined && operation === undefined ? [`asks for ${action.operation}, which is no operation`] : []),
    ...(operation !== undefined && !(operation.actions as readonly unknown[]).includes(action.recordedAs)
      ? ['is recorded under another name than its operation']
      : []),
    ...(first !== undefined && !first.tasks.includes(action.taskState ?? null)
      ? ['sets a task state that its step does not have']
      : []),
    ...(operation !== undefined && (action.migration === undefined) !== (operation.placed?.migration === undefined)
      ? ['and its operation do not agree on whether there is a migration']
      : []),
    ...(operation !== undefined && !operation.preempts && (action.vmStates as readonly string[]).includes(operation.ends.vmState)
      ? ['starts from the state in which it ends']
      : []),
  ].map((fault) => `action ${name} ${fault}`);
}

function stepFaults(step: StepRule, catalogue: readonly MessageInfo[]): string[] {
  return [
    ...(catalogue.includes(step.message) ? [] : ['has a message that the catalogue does not have']),
    ...(known(TASKS, step.tasks) && known(step.tasks, [step.startsIn ?? step.tasks[0] ?? null])
      ? []
      : ['passes no task state, or one that does not exist']),
    ...(FAILURES.includes(step.onFailure) ? [] : ['does not say what its failure means']),
    ...(EVENT.test(step.event) ? [] : ['has an event that is named unlike the others']),
    ...(step.notifiesFailure && step.notify.length === 0 ? ['notifies the failure of nothing'] : []),
  ].map((fault) => `step ${step.message.name} ${fault}`);
}

/** Whether it is what another operation falls back on. */
const takesBack = (name: string, { operations }: Tables): boolean =>
  Object.values(operations).some(({ rollback }) => rollback === name);

function operationFaults(name: string, operation: OperationRule, tables: Tables, catalogue: readonly MessageInfo[]): string[] {
  const asked = Object.values(tables.actions).some((action) => action.operation === name);
  const alternates = operation.steps.some((step) => step.onFailure === 'next-alternate');
  const rollsBack = operation.steps.some((step) => step.onFailure === 'roll-back');
  const chooses = operation.claim === 'build' || operation.placed !== undefined;
  return [
    ...(ENDS.includes(operation.ends.vmState) ? [] : ['ends in a state that does not exist']),
    ...(asked || operation.claim === 'build' || takesBack(name, tables) ? [] : ['is asked for by no action']),
    ...(rollsBack === (operation.rollback !== undefined) &&
    (operation.rollback === undefined || operation.rollback in tables.operations)
      ? []
      : ['must name the operation that takes it back if, and only if, a step has it so']),
    ...(alternates && !chooses ? ['tries alternates without claiming them'] : []),
    ...((operation.ends.vmState === 'deleted' || operation.ends.leavesHost === true) === (operation.claim === 'released')
      ? []
      : ['must release its claim if, and only if, the server goes, or leaves its host']),
  ]
    .concat(moveFaults(operation, takesBack(name, tables)))
    .map((fault) => `operation ${name} ${fault}`)
    .concat(operation.steps.flatMap((step) => stepFaults(step, catalogue)));
}

/** What does not fit together in the tables, as sentences; nothing when all does. For the test that walks them. */
export const tableFaults = (tables: Tables, catalogue: readonly MessageInfo[]): string[] => [
  ...Object.entries(tables.actions).flatMap(([name, action]) => actionFaults(name, action, tables)),
  ...Object.entries(tables.operations).flatMap(([name, operation]) => operationFaults(name, operation, tables, catalogue)),
];
