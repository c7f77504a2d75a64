import * as message from '../messages/step.messages.js';
import type { StepMessage } from '../messages/step-message.js';
import type { TaskState } from '../states.js';
import type { OperationRule, StepRule } from './operation-rule.js';

/** A step that an image is made in, or a guest of an image; when it fails, the server is as it was. */
const ofImage = <M extends StepMessage>(told: M, tasks: readonly [TaskState, ...TaskState[]], notify: string) =>
  ({
    message: told,
    at: 'host',
    tasks,
    event: `compute_${told.name}`,
    notify: [notify],
    notifiesFailure: false,
    patience: 'power',
    onFailure: 'reset-task',
  }) as const satisfies StepRule;

/** What turns servers into images, and images into servers again. The agent stores the states of an upload when it gets there. */
export const IMAGE_OPERATIONS = {
  createImage: {
    actions: ['createImage'],
    steps: [
      {
        ...ofImage(message.snapshotInstance, ['image_snapshot_pending', 'image_snapshot'], 'snapshot'),
        startsAfterTasks: true,
      },
    ],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    image: 'made',
    preempts: false,
  },
  createBackup: {
    actions: ['createBackup'],
    steps: [ofImage(message.backupInstance, ['image_backup'], 'snapshot')],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    image: 'made',
    preempts: false,
  },
  rebuild: {
    actions: ['rebuild'],
    placed: {
      claim: 'check',
      sameHost: 'allowed',
      event: 'rebuild_server',
      task: 'rebuild_server',
      notify: 'rebuild_scheduled',
    },
    steps: [
      {
        ...ofImage(message.rebuildInstance, ['rebuilding'], 'rebuild'),
        at: 'destination',
        arrival: 'at-once',
        notifiesExistence: 'before',
        notifiesFailure: true,
        patience: 'build',
        onFailure: 'error',
      },
    ],
    ends: { vmState: 'by-power', launchedAt: 'now' },
    claim: 'kept',
    preempts: false,
  },
  shelve: {
    actions: ['shelve'],
    steps: [{ ...ofImage(message.shelveInstance, ['shelving'], 'shelve'), notifiesExistence: 'before' }],
    ends: { vmState: 'shelved' },
    claim: 'kept',
    image: 'made',
    preempts: false,
  },
  /** By itself after a shelve, or when it is asked for. */
  shelveOffload: {
    actions: ['shelveOffload', 'shelve'],
    steps: [ofImage(message.shelveOffloadInstance, ['shelving_offloading'], 'shelve_offload')],
    ends: { vmState: 'shelved_offloaded', leavesHost: true },
    claim: 'released',
    preempts: false,
  },
  /** Of a server that is still on its host. */
  startShelved: {
    actions: ['unshelve'],
    steps: [
      {
        ...ofImage(message.startShelvedInstance, ['unshelving', 'powering-on'], 'power_on'),
        startsIn: 'powering-on',
        event: 'compute_start_instance',
      },
    ],
    ends: { vmState: 'active' },
    claim: 'kept',
    image: 'used',
    preempts: false,
  },
  /** Of a server that is on none. */
  unshelve: {
    actions: ['unshelve'],
    placed: { claim: 'build', sameHost: 'allowed', event: 'schedule_instances' },
    steps: [
      {
        ...ofImage(message.unshelveInstance, ['unshelving', 'spawning'], 'unshelve'),
        at: 'destination',
        arrival: 'at-once',
        patience: 'build',
        onFailure: 'next-alternate',
      },
    ],
    ends: { vmState: 'active' },
    claim: 'kept',
    image: 'used',
    preempts: false,
  },
} as const satisfies Readonly<Record<string, OperationRule>>;
