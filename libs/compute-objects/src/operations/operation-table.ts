import * as message from '../messages/step.messages.js';
import type { StepMessage } from '../messages/step-message.js';
import type { TaskState, VmState } from '../states.js';

/**
 * What a step's failure means. `next-alternate`: the conductor claims the next alternate and begins the step there, ERROR
 * when none is left; `reset-task`: the server is as it was, with the fault; `error`: ERROR, with the fault;
 * `error-unless-running`: ACTIVE where the guest was found to run all the same, else ERROR, each with the fault.
 */
export type FailureRule = 'next-alternate' | 'reset-task' | 'error' | 'error-unless-running';

/** Which of the conductor's time limits bounds a step; see the section `operations` of its options. */
export type Patience = 'build' | 'delete' | 'power';

/** One part of an operation, done by one agent. */
export interface StepRule {
  /** Tells the agent; the step is named like it. */
  readonly message: StepMessage;
  /** The agent that does it: of the host that the operation is for. */
  readonly at: 'host';
  /** Task states that the server passes when the agent takes the step, in order; the last one is stored. Null: idle. */
  readonly tasks: ReadonlyArray<TaskState | null>;
  /** The task state that the start is notified with, where it is not the first. Source: what Nova sends. */
  readonly startsIn?: TaskState;
  /** The event in the action's record. */
  readonly event: string;
  /** Events `instance.<name>.start|end` around the work, outermost first; none where only the change of states is told. */
  readonly notify: readonly string[];
  /** Whether `instance.exists` is told of the present audit period once the work is done. */
  readonly notifiesExistence?: true;
  /** Whether a failure is notified as the `.error` of the outermost. */
  readonly notifiesFailure: boolean;
  readonly patience: Patience;
  readonly onFailure: FailureRule;
}

/** What is done to a server from acceptance to its end. */
export interface OperationRule {
  /** The action whose record it belongs to. */
  readonly action: string;
  readonly steps: readonly [StepRule, ...StepRule[]];
  /** How the server is in the end; `deleted` removes it, `unchanged` leaves it in the state that it was in. */
  readonly ends: { readonly vmState: VmState | 'unchanged'; readonly launchedAt?: 'now' };
  /** What happens to the server's claim in placement: made before the first step, kept, or released with the end. */
  readonly claim: 'build' | 'kept' | 'released';
  /**
   * What becomes of the image that is its subject (`image_id`): `made` by the operation, it goes when that fails or is
   * given up; `used` up by it, it goes when that succeeds. Left out: it is about none.
   */
  readonly image?: 'made' | 'used';
  /** Takes the place of an unfinished operation instead of being refused. */
  readonly preempts: boolean;
}

/** A step that asks one thing of a guest; when that fails, the server is as it was. */
const short = <M extends StepMessage>(told: M, task: TaskState | null, ...notify: readonly string[]) =>
  ({
    message: told,
    at: 'host',
    tasks: [task],
    event: `compute_${told.name}`,
    notify,
    notifiesFailure: false,
    patience: 'power',
    onFailure: 'reset-task',
  }) as const satisfies StepRule;

const reboot = <M extends StepMessage>(told: M, ...tasks: readonly [TaskState, TaskState, TaskState]) =>
  ({
    ...short(told, tasks[0], 'reboot'),
    tasks,
    startsIn: tasks[1],
    event: 'compute_reboot_instance',
    notifiesFailure: true,
    onFailure: 'error-unless-running',
  }) as const satisfies StepRule;

/** A step that makes an image of a guest; the agent stores the states of its upload when it gets there. */
const snapshot = <M extends StepMessage>(told: M, ...tasks: readonly [TaskState, ...TaskState[]]) =>
  ({ ...short(told, tasks[0], 'snapshot'), tasks, startsIn: tasks.at(-1) }) as const satisfies StepRule;

export const OPERATIONS = {
  build: {
    action: 'create',
    steps: [
      {
        message: message.buildAndRunInstance,
        at: 'host',
        tasks: [null, 'networking', 'block_device_mapping', 'spawning'],
        event: 'compute__do_build_and_run_instance',
        notify: ['create'],
        notifiesFailure: true,
        patience: 'build',
        onFailure: 'next-alternate',
      },
    ],
    ends: { vmState: 'active', launchedAt: 'now' },
    claim: 'build',
    preempts: false,
  },
  delete: {
    action: 'delete',
    steps: [
      {
        message: message.terminateInstance,
        at: 'host',
        tasks: ['deleting'],
        event: 'compute_terminate_instance',
        notify: ['delete', 'shutdown'],
        notifiesFailure: false,
        patience: 'delete',
        onFailure: 'error',
      },
    ],
    ends: { vmState: 'deleted' },
    claim: 'released',
    preempts: true,
  },
  start: {
    action: 'start',
    steps: [short(message.startInstance, 'powering-on', 'power_on')],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: false,
  },
  stop: {
    action: 'stop',
    steps: [short(message.stopInstance, 'powering-off', 'power_off')],
    ends: { vmState: 'stopped' },
    claim: 'kept',
    preempts: false,
  },
  pause: {
    action: 'pause',
    steps: [short(message.pauseInstance, 'pausing', 'pause')],
    ends: { vmState: 'paused' },
    claim: 'kept',
    preempts: false,
  },
  unpause: {
    action: 'unpause',
    steps: [short(message.unpauseInstance, 'unpausing', 'unpause')],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: false,
  },
  suspend: {
    action: 'suspend',
    steps: [{ ...short(message.suspendInstance, 'suspending', 'suspend'), onFailure: 'error' }],
    ends: { vmState: 'suspended' },
    claim: 'kept',
    preempts: false,
  },
  resume: {
    action: 'resume',
    steps: [{ ...short(message.resumeInstance, 'resuming', 'resume'), onFailure: 'error' }],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: false,
  },
  rebootSoft: {
    action: 'reboot',
    steps: [reboot(message.softRebootInstance, 'rebooting', 'reboot_pending', 'reboot_started')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  rebootHard: {
    action: 'reboot',
    steps: [reboot(message.hardRebootInstance, 'rebooting_hard', 'reboot_pending_hard', 'reboot_started_hard')],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: true,
  },
  triggerCrashDump: {
    action: 'trigger_crash_dump',
    steps: [short(message.triggerCrashDump, null, 'trigger_crash_dump')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  rescue: {
    action: 'rescue',
    steps: [{ ...short(message.rescueInstance, 'rescuing', 'rescue'), notifiesExistence: true, onFailure: 'error' }],
    ends: { vmState: 'rescued', launchedAt: 'now' },
    claim: 'kept',
    preempts: false,
  },
  unrescue: {
    action: 'unrescue',
    steps: [{ ...short(message.unrescueInstance, 'unrescuing', 'unrescue'), onFailure: 'error' }],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: false,
  },
  changePassword: {
    action: 'changePassword',
    steps: [short(message.setAdminPassword, 'updating_password')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  createImage: {
    action: 'createImage',
    steps: [snapshot(message.snapshotInstance, 'image_snapshot_pending', 'image_snapshot')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    image: 'made',
    preempts: false,
  },
  createBackup: {
    action: 'createBackup',
    steps: [snapshot(message.backupInstance, 'image_backup')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    image: 'made',
    preempts: false,
  },
} satisfies Readonly<Record<string, OperationRule>>;

export type OperationName = keyof typeof OPERATIONS;
/** The operation that a step belongs to. */
export type OperationOfStep<S extends StepName> = {
  [O in OperationName]: S extends (typeof OPERATIONS)[O]['steps'][number]['message']['name'] ? O : never;
}[OperationName];
export type StepName = (typeof OPERATIONS)[OperationName]['steps'][number]['message']['name'];

/** Rows by name, as data that may be walked. */
export const operationRule = (name: OperationName): OperationRule => OPERATIONS[name];

/** Where a step stands in its operation. */
export interface StepPlace {
  readonly operation: OperationName;
  readonly rule: StepRule;
  /** Undefined: it is the last. */
  readonly next: StepRule | undefined;
}

const PLACES: ReadonlyMap<string, StepPlace> = new Map(
  (Object.keys(OPERATIONS) as OperationName[]).flatMap((operation) => {
    const { steps } = operationRule(operation);
    return steps.map((rule, index) => [rule.message.name, { operation, rule, next: steps[index + 1] }] as const);
  }),
);

/** @throws TypeError for a name that no operation has. */
export function stepPlace(name: string): StepPlace {
  const found = PLACES.get(name);
  if (found === undefined) throw new TypeError(`no operation has a step ${name}`);
  return found;
}

/** The row of a step. @throws TypeError for a name that no operation has. */
export const stepRule = (name: string): StepRule => stepPlace(name).rule;

/** Every step of every operation. */
export const STEP_NAMES = [...PLACES.keys()] as readonly StepName[];
