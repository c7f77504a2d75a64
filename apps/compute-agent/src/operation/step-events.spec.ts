import { type StepName, stepPlace, type TakeStepResult } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { InstanceNotifier, NotificationEmitter, type VersionedObject } from '@kilonova/notifications';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { StepEvents } from './step-events.js';

type Taken = Extract<TakeStepResult, { outcome: 'taken' }>;

let told: string[];
beforeEach(() => {
  told = [];
});

const stateOf = (payload: unknown) => {
  const { state, task_state } = (payload as VersionedObject)['nova_object.data'];
  return `${state}/${task_state ?? '-'}`;
};

/** Of an agent on `here`. */
function eventsOf(step: StepName): StepEvents {
  const bus = {
    notify: async (message: { eventType: string; publisherId: string; payload: unknown }) =>
      void told.push(`${message.publisherId.split(':')[1]} ${message.eventType} ${stateOf(message.payload)}`),
  };
  const options = { format: 'versioned', versionedTopics: ['v'], legacyTopics: [], onFailure: () => undefined } as const;
  const notifier = new InstanceNotifier(new NotificationEmitter(bus as never, options), { service: 'compute', host: 'here' }, '');
  return new StepEvents(systemCtx(), notifier, stepPlace(step).rule);
}

const taken = (task: string, before: string | null): Taken =>
  ({
    outcome: 'taken',
    instance: anInstance({ vm_state: 'active', task_state: task as never, host: 'here' }),
    arguments: {},
    block_devices: [],
    migration: { source_compute: 'there' },
    old_vm_state: 'active',
    old_task_state: before,
    resumed: false,
  }) as unknown as Taken;

const ended = (task: string, more: object = {}) => ({
  instance: anInstance({ vm_state: 'active', task_state: null, host: 'here' }),
  old_vm_state: 'active' as const,
  old_task_state: task as never,
  fault: null,
  subject: null,
  ...more,
});

describe('the events of a step', () => {
  it('end what the source of a move has begun, in its name', async () => {
    const events = eventsOf('post_live_migration_at_destination');
    events.taken(taken('migrating', 'migrating'));
    events.finished(ended('migrating'));
    await events.sent();
    expect(told).toEqual([
      'here instance.live_migration_post_dest.start active/migrating',
      'here instance.update active/-',
      'here instance.live_migration_post_dest.end active/-',
      'there instance.live_migration_post.end active/migrating',
    ]);
  });

  it('end it also when the step ended before this agent started', async () => {
    const events = eventsOf('post_live_migration_at_destination');
    events.finished(ended('migrating', { source_compute: 'there' }));
    await events.sent();
    expect(told.at(-1)).toBe('there instance.live_migration_post.end active/migrating');
  });

  it('begin at the source without an end', async () => {
    const events = eventsOf('post_live_migration');
    const taking = taken('migrating', 'migrating');
    events.taken(taking);
    events.worked(taking.instance);
    events.finished({ ...ended('migrating'), instance: taking.instance });
    await events.sent();
    expect(told).toEqual(['here instance.live_migration_post.start active/migrating']);
  });

  it('of a snapshot start once its states are passed', async () => {
    const events = eventsOf('snapshot_instance');
    events.taken(taken('image_snapshot', 'image_snapshot_pending'));
    await events.sent();
    expect(told).toEqual(['here instance.update active/image_snapshot', 'here instance.snapshot.start active/image_snapshot']);
  });
});
