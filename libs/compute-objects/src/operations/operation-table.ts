import * as message from '../messages/step.messages.js';
import type { StepMessage } from '../messages/step-message.js';
import type { TaskState } from '../states.js';
import { EVACUATE_OPERATION } from './evacuate-operation.js';
import { IMAGE_OPERATIONS } from './image-operations.js';
import { LIVE_MIGRATION_OPERATIONS } from './live-migration-operations.js';
import { LIVE_RESIZE_OPERATION } from './live-resize-operation.js';
import { MOVE_OPERATIONS } from './move-operations.js';
import type { OperationRule, StepRule } from './operation-rule.js';
import { REBUILD_ELSEWHERE_OPERATION } from './rebuild-elsewhere-operation.js';

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

export const OPERATIONS = {
  build: {
    actions: ['create'],
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
        arrival: 'at-once',
      },
    ],
    ends: { vmState: 'active', launchedAt: 'now' },
    claim: 'build',
    preempts: false,
  },
  delete: {
    actions: ['delete'],
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
    actions: ['start'],
    steps: [short(message.startInstance, 'powering-on', 'power_on')],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: false,
  },
  stop: {
    actions: ['stop'],
    steps: [short(message.stopInstance, 'powering-off', 'power_off')],
    ends: { vmState: 'stopped' },
    claim: 'kept',
    preempts: false,
  },
  pause: {
    actions: ['pause'],
    steps: [short(message.pauseInstance, 'pausing', 'pause')],
    ends: { vmState: 'paused' },
    claim: 'kept',
    preempts: false,
  },
  unpause: {
    actions: ['unpause'],
    steps: [short(message.unpauseInstance, 'unpausing', 'unpause')],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: false,
  },
  suspend: {
    actions: ['suspend'],
    steps: [{ ...short(message.suspendInstance, 'suspending', 'suspend'), onFailure: 'error' }],
    ends: { vmState: 'suspended' },
    claim: 'kept',
    preempts: false,
  },
  resume: {
    actions: ['resume'],
    steps: [{ ...short(message.resumeInstance, 'resuming', 'resume'), onFailure: 'error' }],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: false,
  },
  rebootSoft: {
    actions: ['reboot'],
    steps: [reboot(message.softRebootInstance, 'rebooting', 'reboot_pending', 'reboot_started')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  rebootHard: {
    actions: ['reboot'],
    steps: [reboot(message.hardRebootInstance, 'rebooting_hard', 'reboot_pending_hard', 'reboot_started_hard')],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: true,
  },
  triggerCrashDump: {
    actions: ['trigger_crash_dump'],
    steps: [short(message.triggerCrashDump, null, 'trigger_crash_dump')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  rescue: {
    actions: ['rescue'],
    steps: [{ ...short(message.rescueInstance, 'rescuing', 'rescue'), notifiesExistence: 'after', onFailure: 'error' }],
    ends: { vmState: 'rescued', launchedAt: 'now' },
    claim: 'kept',
    preempts: false,
  },
  unrescue: {
    actions: ['unrescue'],
    steps: [{ ...short(message.unrescueInstance, 'unrescuing', 'unrescue'), onFailure: 'error' }],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: false,
  },
  softDelete: {
    actions: ['delete'],
    steps: [short(message.softDeleteInstance, 'soft-deleting', 'soft_delete')],
    ends: { vmState: 'soft-delete' },
    claim: 'kept',
    preempts: true,
  },
  restore: {
    actions: ['restore'],
    steps: [short(message.restoreInstance, 'restoring', 'restore')],
    ends: { vmState: 'active' },
    claim: 'kept',
    preempts: false,
  },
  changePassword: {
    actions: ['changePassword'],
    steps: [short(message.setAdminPassword, 'updating_password')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  ...IMAGE_OPERATIONS,
  ...MOVE_OPERATIONS,
  attachVolume: {
    actions: ['attach_volume'],
    steps: [{ ...short(message.attachVolume, null, 'volume_attach'), notifiesFailure: true }],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  detachVolume: {
    actions: ['detach_volume'],
    steps: [short(message.detachVolume, null, 'volume_detach')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  swapVolume: {
    actions: ['swap_volume'],
    steps: [{ ...short(message.swapVolume, null, 'volume_swap'), notifiesFailure: true }],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  extendVolume: {
    actions: ['extend_volume'],
    steps: [short(message.extendVolume, null)],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  createVolumeSnapshot: {
    actions: ['volume_snapshot_create'],
    steps: [short(message.volumeSnapshotCreate, null)],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  deleteVolumeSnapshot: {
    actions: ['volume_snapshot_delete'],
    steps: [short(message.volumeSnapshotDelete, null)],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  attachInterface: {
    actions: ['attach_interface'],
    steps: [{ ...short(message.attachInterface, null, 'interface_attach'), notifiesFailure: true }],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  detachInterface: {
    actions: ['detach_interface'],
    steps: [short(message.detachInterface, null, 'interface_detach')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },
  ...LIVE_MIGRATION_OPERATIONS,
  ...EVACUATE_OPERATION,
  ...LIVE_RESIZE_OPERATION,
  ...REBUILD_ELSEWHERE_OPERATION,
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
