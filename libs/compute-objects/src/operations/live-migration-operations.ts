import * as message from '../messages/step.messages.js';
import type { StepMessage } from '../messages/step-message.js';
import type { OperationRule, StepRule } from './operation-rule.js';

const leg = <M extends StepMessage>(told: M) =>
  ({
    message: told,
    event: `compute_${told.name}`,
    tasks: ['migrating'],
    notifiesFailure: false,
    patience: 'move',
    onFailure: 'roll-back',
  }) as const satisfies Partial<StepRule>;

/** A server goes to another host while it runs, and the way back when that fails. */
export const LIVE_MIGRATION_OPERATIONS = {
  liveMigration: {
    actions: ['live-migration'],
    placed: {
      claim: 'move',
      migration: 'accepted',
      sameHost: 'never',
      event: 'conductor_live_migrate_instance',
      task: 'migrate_server',
    },
    steps: [
      {
        ...leg(message.checkCanLiveMigrateDestination),
        at: 'destination',
        arrival: 'planned',
        notify: [],
        onFailure: 'next-alternate',
      },
      {
        ...leg(message.preLiveMigration),
        at: 'destination',
        turn: { at: 'source', waiting: 'queued' },
        migration: 'preparing',
        notify: ['live_migration_pre'],
        failedMigration: 'error',
      },
      {
        ...leg(message.liveMigration),
        at: 'source',
        migration: 'running',
        done: { migration: 'post-migrating', side: 'destination' },
        notify: [],
        failedMigration: 'failed',
      },
      {
        ...leg(message.postLiveMigration),
        at: 'source',
        notify: ['live_migration_post'],
        notifyOnly: 'start',
        onFailure: 'error',
        undo: 'source-released',
      },
      {
        ...leg(message.postLiveMigrationAtDestination),
        at: 'destination',
        notify: ['live_migration_post_dest'],
        notifiesEndOf: 'live_migration_post',
        onFailure: 'error',
        undo: 'source-released',
      },
    ],
    rollback: 'rollBackLiveMigration',
    ends: { vmState: 'unchanged', migration: 'completed' },
    claim: 'source-released',
    preempts: false,
  },
  rollBackLiveMigration: {
    actions: ['live-migration'],
    steps: [
      {
        ...leg(message.rollbackLiveMigration),
        at: 'source',
        notify: ['live_migration_rollback'],
        onFailure: 'error',
        undo: 'source-restored',
      },
      {
        ...leg(message.rollbackLiveMigrationAtDestination),
        at: 'destination',
        notify: ['live_migration_rollback_dest'],
        onFailure: 'reset-task',
        undo: 'source-restored',
        failedMigration: 'failed',
      },
    ],
    ends: { vmState: 'unchanged', migration: 'failed', side: 'source', rolledBack: true },
    claim: 'source-restored',
    preempts: false,
  },
} as const satisfies Readonly<Record<string, OperationRule>>;
