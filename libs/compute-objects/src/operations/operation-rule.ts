import type { StepMessage } from '../messages/step-message.js';
import type { MigrationStatus, TaskState, VmState } from '../states.js';

/**
 * What a step's failure means. `next-alternate`: the conductor claims the next alternate and begins the step there; when
 * none is left a build is in ERROR, and any other server as it was, with the fault; `reset-task`: the server is as it was,
 * with the fault; `error`: ERROR, with the fault; `error-unless-running`: ACTIVE where the guest was found to run all the
 * same, else ERROR, each with the fault; `roll-back`: the operation's `rollback` takes its place.
 */
export type FailureRule = 'next-alternate' | 'reset-task' | 'error' | 'error-unless-running' | 'roll-back';

/** Which of the conductor's time limits bounds a step; see the section `operations` of its options. */
export type Patience = 'build' | 'delete' | 'power' | 'move';

/** The ends of a move. */
export type Side = 'source' | 'destination';

/**
 * What becomes of claims in placement. The source of a move is held by the migration, what was chosen by the server.
 * `kept`: nothing; `released`: the server holds nothing more; `source-restored`: what the migration holds goes back to the
 * server, in place of what was claimed; `source-released`: the migration holds nothing more; `destination-released`: the
 * server gives back what was claimed for it beside what it held; `size-restored`: the server holds what its flavor takes up.
 */
export type ClaimChange = 'kept' | 'released' | 'source-restored' | 'source-released' | 'destination-released' | 'size-restored';

/**
 * How the claim for a host is made. `build`: the server holds nothing; `move`: what it holds is handed to the migration
 * first; `add`: it keeps what it holds and takes the claim as well; `check`: nothing is claimed, the server's own host is asked
 * whether what the server becomes still fits there; `grow`: nobody is asked, the server holds on its own host what its new flavor
 * takes up, in place of what it held.
 */
export type PlacedClaim = 'build' | 'move' | 'add' | 'check' | 'grow';

/** That, and how, a host is looked for at the API level before the first step. */
export interface PlaceRule {
  readonly claim: PlacedClaim;
  /** The status of the migration that is made at acceptance; left out: it is no move, and has none. */
  readonly migration?: MigrationStatus;
  /** Whether the server's present host may be chosen, where options and the host allow it. */
  readonly sameHost: 'never' | 'allowed';
  /** The event in the action's record while a host is looked for. Source: Nova's names, as of `task`. */
  readonly event: string;
  /** What is notified when there is no host: `compute_task.<task>.error`; left out: nothing is. */
  readonly task?: string;
  /** The event `instance.<name>` that tells of a host that was chosen, before its agent is told; left out: none does. */
  readonly notify?: string;
}

/** What a server's row is when a step has succeeded and another follows. */
export interface StepDone {
  readonly task?: TaskState;
  readonly migration?: MigrationStatus;
  /** The server is on this side from then on: host, node, zone and flavor. */
  readonly side?: Side;
}

/** The queue of moves at one of their ends, first come, first served. */
export interface Turn {
  /** Whose turn it is. */
  readonly at: Side;
  /** The status of the migration while it waits. */
  readonly waiting: MigrationStatus;
}

/** One part of an operation, done by one agent. */
export interface StepRule {
  /** Tells the agent; the step is named like it. */
  readonly message: StepMessage;
  /** The agent that does it: of the server's host, or of an end of its move (the chosen host is the destination). */
  readonly at: 'host' | Side;
  /** Task states that the server passes when the agent takes the step, in order; the last one is stored. Null: idle. */
  readonly tasks: ReadonlyArray<TaskState | null>;
  /** The task state that the start is notified with, where it is not the first. Source: what Nova sends. */
  readonly startsIn?: TaskState;
  /** The start is notified once all task states are passed, in the last of them; left out: in the first. */
  readonly startsAfterTasks?: true;
  /** The status of the migration while the agent does it. */
  readonly migration?: MigrationStatus;
  /**
   * It begins on a host that was chosen: the policy of the server's group is checked, and its place in the group taken.
   * `at-once`: the server's row is on the host from then on; `planned`: only when `done` of a step says so.
   */
  readonly arrival?: 'at-once' | 'planned';
  readonly done?: StepDone;
  /** It waits for its turn: an end of a move does only so many from this step on. */
  readonly turn?: Turn;
  /** The event in the action's record. */
  readonly event: string;
  /** Events `instance.<name>.start|end` around the work, outermost first; none where only the change of states is told. */
  readonly notify: readonly string[];
  /** Whether `instance.exists` is told of the present audit period, and whether before the start or once the work is done. */
  readonly notifiesExistence?: 'before' | 'after';
  /** Which of start and end are notified, where the work that is notified is spread over several steps; left out: both. */
  readonly notifyOnly?: 'start' | 'end';
  /** What an earlier step at the source has begun, and what ends, in the source's name, once this step has ended either way. */
  readonly notifiesEndOf?: string;
  /** Whether a failure is notified as the `.error` of the outermost, or of an event of another name. */
  readonly notifiesFailure: boolean | string;
  readonly patience: Patience;
  readonly onFailure: FailureRule;
  /** What its failure does to claims; left out: what takes back the claim of `placed`, where a host was claimed, else nothing. */
  readonly undo?: ClaimChange;
  /** The status of the migration after a failure; left out: `error`. */
  readonly failedMigration?: MigrationStatus;
}

/** How a server, and its migration, are in the end. */
export interface OperationEnd {
  /** `deleted` removes the server, `unchanged` leaves it in the state that it was in, `by-power` makes it ACTIVE, or SHUTOFF where its guest is off. */
  readonly vmState: VmState | 'unchanged' | 'by-power';
  readonly launchedAt?: 'now';
  readonly migration?: MigrationStatus;
  /** The server is on this side from then on, where no step has put it there. */
  readonly side?: Side;
  /** The record tells of an error, the server has the fault of the step that failed, and a migration that was cancelled is so. */
  readonly rolledBack?: true;
  /** The server is on no host from then on. */
  readonly leavesHost?: true;
}

/** What is done to a server from acceptance to its end. */
export interface OperationRule {
  /** The actions whose record it belongs to. */
  readonly actions: readonly [string, ...string[]];
  /** Left out: it needs no host but the server's, or one that is known. */
  readonly placed?: PlaceRule;
  /** It goes on with the server's migration in status `from`, which is in `to` from acceptance on. */
  readonly resumes?: { readonly from: MigrationStatus; readonly to: MigrationStatus };
  readonly steps: readonly [StepRule, ...StepRule[]];
  /** What takes its place when a step with `roll-back` fails. */
  readonly rollback?: string;
  readonly ends: OperationEnd;
  /** What becomes of claims with the end; `build`: the scheduler makes one before the first step. */
  readonly claim: 'build' | ClaimChange;
  /**
   * What becomes of the image that is its subject (`image_id`): `made` by the operation, it goes when that fails or is
   * given up; `used` up by it, it goes when that succeeds. Left out: it is about none.
   */
  readonly image?: 'made' | 'used';
  /** Takes the place of an unfinished operation instead of being refused. */
  readonly preempts: boolean;
}

const UNDO: Readonly<Record<PlacedClaim, ClaimChange>> = {
  build: 'released',
  move: 'source-restored',
  add: 'destination-released',
  check: 'kept',
  grow: 'size-restored',
};

/** What a failure of the step does to claims. */
export const undoOf = ({ placed }: OperationRule, step: StepRule): ClaimChange =>
  step.undo ?? (placed === undefined ? 'kept' : UNDO[placed.claim]);

/**
 * Whether a failure of the step is wound up by the cell's conductor (claims given back, another host tried) before the
 * operation ends; otherwise the statement that stores the failure ends it.
 */
export const isWoundUp = (operation: OperationRule, step: StepRule): boolean =>
  step.onFailure !== 'roll-back' &&
  (step.onFailure === 'next-alternate' || operation.placed !== undefined || undoOf(operation, step) !== 'kept');
