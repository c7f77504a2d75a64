import * as message from '../messages/step.messages.js';
import type { StepMessage } from '../messages/step-message.js';
import type { OperationRule, StepRule } from './operation-rule.js';

/** A step of a move: it may take long, and leaves its server in ERROR when it fails. */
const leg = <M extends StepMessage>(told: M) =>
  ({
    message: told,
    event: `compute_${told.name}`,
    notifiesFailure: false,
    patience: 'move',
    onFailure: 'error',
  }) as const satisfies Partial<StepRule>;

/** Moves of servers between hosts, and what follows on them. */
export const MOVE_OPERATIONS = {
  /** To another host, with another flavor or the same (a cold migration). */
  resize: {
    actions: ['resize', 'migrate'],
    placed: { claim: 'move', migration: 'pre-migrating', sameHost: 'allowed', event: 'cold_migrate', task: 'migrate_server' },
    steps: [
      {
        ...leg(message.prepResize),
        at: 'destination',
        tasks: ['resize_prep'],
        arrival: 'planned',
        notify: ['resize_prep'],
        notifiesExistence: 'before',
        notifiesFailure: 'resize',
        onFailure: 'next-alternate',
      },
      {
        ...leg(message.resizeInstance),
        at: 'source',
        tasks: ['resize_migrating'],
        migration: 'migrating',
        done: { task: 'resize_migrated', migration: 'post-migrating', side: 'destination' },
        notify: ['resize'],
      },
      {
        ...leg(message.finishResize),
        at: 'destination',
        tasks: ['resize_finish'],
        notify: ['resize_finish'],
        undo: 'source-released',
      },
    ],
    ends: { vmState: 'resized', launchedAt: 'now', migration: 'finished' },
    claim: 'kept',
    preempts: false,
  },
  confirmResize: {
    actions: ['confirmResize'],
    resumes: { from: 'finished', to: 'confirming' },
    steps: [
      {
        ...leg(message.confirmResize),
        at: 'source',
        tasks: [null],
        notify: ['resize_confirm'],
        undo: 'source-released',
      },
    ],
    ends: { vmState: 'by-power', migration: 'confirmed' },
    claim: 'source-released',
    preempts: false,
  },
  revertResize: {
    actions: ['revertResize'],
    resumes: { from: 'finished', to: 'reverting' },
    steps: [
      {
        ...leg(message.revertResize),
        at: 'destination',
        tasks: ['resize_reverting'],
        done: { side: 'source' },
        notify: ['resize_revert'],
        notifyOnly: 'start',
        notifiesExistence: 'before',
      },
      {
        ...leg(message.finishRevertResize),
        at: 'source',
        tasks: ['resize_reverting'],
        notify: ['resize_revert'],
        notifyOnly: 'end',
      },
    ],
    ends: { vmState: 'by-power', migration: 'reverted' },
    claim: 'source-restored',
    preempts: false,
  },
} as const satisfies Readonly<Record<string, OperationRule>>;
