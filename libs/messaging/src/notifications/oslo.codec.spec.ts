import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import type { NotificationMessage } from '../port/notification.js';
import { decodeNotification, encodeNotification, notificationKey, osloTimestamp } from './oslo.codec.js';
import { eventTypeMatcher } from './subscription.js';

/** The members of a notification of Nova, as recorded from one: the inner message and its request context. */
const MEMBERS = ['message_id', 'publisher_id', 'event_type', 'priority', 'payload', 'timestamp', '_unique_id'];
const CONTEXT =
  'user project_id system_scope project domain user_domain project_domain is_admin read_only show_deleted auth_token request_id global_request_id resource_uuid roles user_identity is_admin_project user_id read_deleted remote_address timestamp quota_class user_name service_catalog project_name'.split(
    ' ',
  );

const message: NotificationMessage = {
  topic: 'versioned_notifications',
  ctx: { ...systemCtx(), principal: { userId: 'u', projectId: 'p', roles: ['member'], isAdmin: false } },
  messageId: 'id',
  publisherId: 'nova-api:h',
  eventType: 'flavor.create',
  priority: 'ERROR',
  payload: { 'nova_object.name': 'FlavorPayload' },
  timestamp: new Date('2026-01-31T10:11:12.123Z'),
};

describe('the format of oslo.messaging', () => {
  it('has exactly the members of a recorded one', () => {
    const inner = JSON.parse(encodeNotification(message)['oslo.message']) as Record<string, unknown>;
    expect(Object.keys(inner).sort()).toEqual([...MEMBERS, ...CONTEXT.map((key) => `_context_${key}`)].sort());
  });

  it('prints times as Python does', () => {
    expect(osloTimestamp(message.timestamp)).toBe('2026-01-31 10:11:12.123000');
  });

  it('names queues by topic and priority', () => {
    expect(notificationKey('notifications', 'ERROR')).toBe('notifications.error');
  });

  it('is read back, enveloped or bare', () => {
    const envelope = encodeNotification(message);
    const read = decodeNotification(JSON.stringify(envelope));
    expect(read).toMatchObject({
      messageId: 'id',
      publisherId: 'nova-api:h',
      eventType: 'flavor.create',
      priority: 'ERROR',
      payload: message.payload,
    });
    expect(read.context['user_identity']).toBe('u p - - -');
    expect(decodeNotification(envelope['oslo.message'])).toEqual(read);
  });
});

describe('event type patterns', () => {
  it.each([
    [undefined, 'anything', true],
    [[], 'anything', true],
    [['instance.*'], 'instance.create.end', true],
    [['instance.*'], 'xinstance.create', false],
    [['instance.?reate.end'], 'instance.create.end', true],
    [['instance.create'], 'instance.create.end', false],
    [['instance.create.end'], 'instanceXcreate.end', false],
    [['a', 'b*'], 'bc', true],
  ])('%j on %s: %s', (patterns, eventType, expected) => {
    expect(eventTypeMatcher(patterns)(eventType)).toBe(expected);
  });
});
