import * as message from '../messages/step.messages.js';
import type { OperationRule } from './operation-rule.js';

/** A server whose host is down is made anew on another; what it held on the lost host stays claimed until that comes back. */
export const EVACUATE_OPERATION = {
  evacuate: {
    actions: ['evacuate'],
    placed: {
      claim: 'add',
      migration: 'accepted',
      sameHost: 'never',
      event: 'rebuild_server',
      task: 'rebuild_server',
      notify: 'rebuild_scheduled',
    },
    steps: [
      {
        message: message.evacuateInstance,
        at: 'destination',
        arrival: 'planned',
        tasks: ['rebuilding'],
        migration: 'pre-migrating',
        event: 'compute_rebuild_instance',
        notify: ['rebuild'],
        notifiesFailure: true,
        notifiesExistence: 'before',
        patience: 'build',
        onFailure: 'next-alternate',
        failedMigration: 'failed',
      },
    ],
    ends: { vmState: 'by-power', launchedAt: 'now', migration: 'done', side: 'destination' },
    claim: 'kept',
    preempts: true,
  },
} as const satisfies Readonly<Record<string, OperationRule>>;
