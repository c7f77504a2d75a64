import type { OperationRow, WindUp } from '@kilonova/cell-db';
import type { ClaimChange, InstanceFault, OperationName, PlacedArguments, StepName, StepRule } from '@kilonova/compute-objects';

/** An operation that waits to be wound up. */
export interface FailedMove {
  readonly row: OperationRow;
  readonly instanceUuid: string;
  readonly name: OperationName;
  readonly step: StepName;
  readonly fault: InstanceFault;
  readonly claims: {
    readonly instanceUuid: string;
    readonly migrationUuid: string | null;
    readonly selection: PlacedArguments['selection'];
  };
  readonly arguments: PlacedArguments;
}

/**
 * The fault of a server whose operation has no host left to try: where several were tried, that all were, with the last
 * failure's text in the details; else that of the one that failed.
 */
export const exhaustedMoveFault = (
  { row, instanceUuid, fault, arguments: args }: FailedMove,
  step: StepRule,
  now: Date,
): InstanceFault =>
  step.onFailure !== 'next-alternate' || args.selection === null || row.attempt <= FIRST_ATTEMPTS
    ? fault
    : {
        code: 500,
        message: `Exhausted all hosts available for retrying build failures for instance ${instanceUuid}.`,
        details: `Last failure, on ${row.host}: ${fault.message}\n${fault.details}`,
        host: row.host,
        created_at: now.toISOString(),
      };

/** Attempts of an operation before its first alternate: its acceptance, and the search for a host. */
const FIRST_ATTEMPTS = 2;

/** Failures that leave the server in its state; one that would be rolled back had not begun. */
const AS_IT_WAS: readonly StepRule['onFailure'][] = ['reset-task', 'next-alternate', 'roll-back'];

/**
 * How the operation ends, by the row of the step that failed; one that had not begun has done nothing to the server. The server is
 * where its claims are.
 */
export const windUpOf = (step: StepRule, undo: ClaimChange, fault: InstanceFault, hasBegun: boolean): WindUp => ({
  fault,
  vmState: !hasBegun || AS_IT_WAS.includes(step.onFailure) ? 'unchanged' : 'error',
  migration: step.failedMigration ?? 'error',
  side: undo === 'source-restored' || undo === 'destination-released' ? 'source' : undefined,
  leavesHost: undo === 'released',
});
