import * as message from '../messages/step.messages.js';
import type { StepMessage } from '../messages/step-message.js';
import type { OperationRule, StepRule } from './operation-rule.js';

const part = <M extends StepMessage>(told: M) =>
  ({
    message: told,
    tasks: ['rebuilding'],
    event: `compute_${told.name}`,
    notify: [],
    notifiesFailure: false,
    patience: 'move',
    onFailure: 'error',
  }) as const satisfies Partial<StepRule>;

/** A server is made anew of an image on another host, as an evacuation does it, while its own host is up and lets it go first. */
export const REBUILD_ELSEWHERE_OPERATION = {
  rebuildElsewhere: {
    actions: ['rebuild'],
    placed: { claim: 'move', migration: 'accepted', sameHost: 'never', event: 'rebuild_server', task: 'rebuild_server' },
    steps: [
      {
        ...part(message.prepRebuildElsewhere),
        at: 'destination',
        arrival: 'planned',
        migration: 'pre-migrating',
        onFailure: 'next-alternate',
        failedMigration: 'failed',
      },
      {
        ...part(message.leaveForRebuild),
        at: 'source',
        migration: 'migrating',
        done: { migration: 'post-migrating', side: 'destination' },
        failedMigration: 'failed',
      },
      {
        ...part(message.finishRebuildElsewhere),
        at: 'destination',
        event: 'compute_rebuild_instance',
        notify: ['rebuild'],
        notifiesExistence: 'before',
        notifiesFailure: true,
        patience: 'build',
        undo: 'source-released',
        failedMigration: 'failed',
      },
    ],
    ends: { vmState: 'by-power', launchedAt: 'now', migration: 'completed' },
    claim: 'source-released',
    preempts: false,
  },
} as const satisfies Readonly<Record<string, OperationRule>>;
