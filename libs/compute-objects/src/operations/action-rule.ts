import type { MigrationType, TaskState, VmState } from '../states.js';
import type { OperationName } from './operation-table.js';

/** When something may be done to a server, and what accepting it leaves behind. Source: the published state table. */
export interface ActionRule {
  readonly vmStates: readonly VmState[] | 'any';
  readonly taskStates: ReadonlyArray<TaskState | null> | 'any';
  /** Only servers that have been active once. */
  readonly launched: boolean;
  /** `needed`: on a host; `up`: on a host whose service is up; `any`: wherever it is, also on none. */
  readonly host: 'needed' | 'up' | 'any';
  /** Whether a lock stops it (for all but administrators). */
  readonly lock: 'respected' | 'ignored';
  /** What a client reads in a refusal, `Cannot '<verb>' instance …`; left out: the name of the row. */
  readonly verb?: string;
  /** The task state from acceptance on; left out: the API does it whole, and the task state stays. */
  readonly taskState?: TaskState;
  /** When the server counts as deleted from acceptance on; left out: as before. */
  readonly deletedAt?: 'now' | 'never';
  /** The name in the server's list of actions; left out: not recorded. */
  readonly recordedAs?: string;
  /** What carries it out; left out: the transaction that accepts it. */
  readonly operation?: OperationName;
  /** The type of the migration that it makes; left out: it makes none. */
  readonly migration?: MigrationType;
}

/** What rows have in common. */
export const IDLE = [null] as const;
export const LAUNCHED = { taskStates: IDLE, launched: true, host: 'any', lock: 'respected' } as const;
export const ANY_TIME = { vmStates: 'any', taskStates: 'any', launched: false, host: 'any' } as const;
