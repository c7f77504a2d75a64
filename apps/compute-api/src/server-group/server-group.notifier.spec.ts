import { NotificationEmitter, type NotificationEvent } from '@kilonova/notifications';
import { systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import type { ComputeSettings } from '../common/settings.js';
import { ServerGroupNotifier } from './server-group.notifier.js';

const GROUP = {
  uuid: 'g',
  name: 'n',
  user_id: 'u',
  project_id: 'p',
  policy: 'affinity',
  rules: {},
  members: [],
  hosts: [],
} as const;

it('tells of new members one after another, each with those before it', async () => {
  const events: NotificationEvent[] = [];
  const emitter = { emit: async (_ctx: unknown, event: NotificationEvent) => void events.push(event) };
  const settings = { api: { host: 'h' } } as unknown as ComputeSettings;
  const notifier = new ServerGroupNotifier(emitter as unknown as NotificationEmitter, settings);
  await notifier.joined(systemCtx(), { ...GROUP, members: ['old', 'a', 'b'] }, ['a', 'b']);
  expect(events.map(({ versioned }) => versioned?.eventType)).toEqual(['server_group.add_member', 'server_group.add_member']);
  expect(events.map(({ legacy }) => [legacy?.eventType, legacy?.payload()])).toEqual([
    ['servergroup.addmember', { server_group_id: 'g', instance_uuids: ['a'] }],
    ['servergroup.addmember', { server_group_id: 'g', instance_uuids: ['b'] }],
  ]);
  type Payload = { readonly 'nova_object.data': { readonly members: readonly string[] } };
  const members = events.map(({ versioned }) => (versioned?.payload() as Payload | undefined)?.['nova_object.data'].members);
  expect(members).toEqual([
    ['old', 'a'],
    ['old', 'a', 'b'],
  ]);
});
