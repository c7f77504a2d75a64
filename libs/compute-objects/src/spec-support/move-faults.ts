import type { ClaimChange, OperationRule, StepRule } from '../operations/operation-rule.js';
import { undoOf } from '../operations/operation-rule.js';
import { MIGRATION_STATUSES, TASK_STATES } from '../states.js';

const NEEDS_MIGRATION: readonly ClaimChange[] = ['source-restored', 'source-released'];

const hasMigration = ({ placed, resumes }: OperationRule): boolean => placed?.migration !== undefined || resumes !== undefined;

const statusesOf = ({ placed, resumes, steps, ends }: OperationRule): unknown[] =>
  [
    placed?.migration,
    resumes?.from,
    resumes?.to,
    ends.migration,
    ...steps.flatMap((step) => [step.migration, step.done?.migration, step.failedMigration, step.turn?.waiting]),
  ].filter((status) => status !== undefined);

/** What a step with another after it leaves: the next one has to find the task state that it starts from. */
const leavesNothingKnown = (steps: readonly StepRule[]): boolean =>
  steps.some(({ done }) => done?.task !== undefined && !(TASK_STATES as readonly unknown[]).includes(done.task));

/** Faults of an operation that moves its server, or goes on with a move, as sentences. `takesBack`: it is what a move falls back on. */
export function moveFaults(operation: OperationRule, takesBack: boolean): string[] {
  const { placed, resumes, steps, ends } = operation;
  const moves = hasMigration(operation) || takesBack;
  const claims = [operation.claim, ...steps.map((step) => undoOf(operation, step))];
  const atEnds = steps.some((step) => step.at !== 'host');
  return [
    ...(statusesOf(operation).every((status) => (MIGRATION_STATUSES as readonly unknown[]).includes(status))
      ? []
      : ['has a migration in a status that does not exist']),
    ...(moves === (ends.migration !== undefined) ? [] : ['must say how its migration ends if, and only if, it has one']),
    ...(atEnds && !moves && placed === undefined ? ['has steps at ends of a move that it does not have'] : []),
    ...(placed !== undefined && steps.filter((step) => step.arrival !== undefined).length !== 1
      ? ['looks for a host and does not arrive there in exactly one of its steps']
      : []),
    ...(!moves && claims.some((claim) => (NEEDS_MIGRATION as readonly unknown[]).includes(claim))
      ? ['changes the claim of a migration that it does not have']
      : []),
    ...(steps.at(-1)?.done === undefined ? [] : ['has a last step that something follows on']),
    ...(leavesNothingKnown(steps) ? ['leaves a task state that does not exist'] : []),
  ];
}
