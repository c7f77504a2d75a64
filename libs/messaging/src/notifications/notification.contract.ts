import { randomUUID } from 'node:crypto';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMessageBus } from '../bus/create-message-bus.js';
import type { MessageBus } from '../port/message-bus.js';
import type { NotificationMessage } from '../port/notification.js';
import { quietLog } from '../spec-support/quiet-log.js';
import type { ReceivedNotification } from './oslo.codec.js';
import { subscribeNotifications } from './subscribe-notifications.js';
import type { NotificationHandler, NotificationSubscription, SubscriptionOptions } from './subscription.js';

/** What both drivers promise to listeners. */
export function notificationContract(name: string, url: () => string): void {
  describe(`${name}: notifications`, () => {
    let topic: string;
    let bus: MessageBus;
    const closers: Array<() => Promise<void>> = [];

    beforeEach(() => {
      topic = `versioned_${randomUUID().slice(0, 8)}`;
      bus = createMessageBus({ url: url(), cell: 'api', notifyTimeoutMs: 20_000, log: quietLog });
      closers.push(() => bus.close());
    });

    afterEach(async () => {
      for (const close of closers.splice(0).reverse()) await close();
    });

    async function listen(
      handler: NotificationHandler,
      options: Partial<SubscriptionOptions> = {},
    ): Promise<NotificationSubscription> {
      const subscription = subscribeNotifications({ url: url(), topics: [topic], log: quietLog, ...options }, handler);
      closers.push(() => subscription.close());
      await subscription.ready();
      return subscription;
    }

    const event = (eventType: string, more: Partial<NotificationMessage> = {}): NotificationMessage => ({
      topic,
      ctx: systemCtx('alice'),
      messageId: randomUUID(),
      publisherId: 'nova-compute:h1',
      eventType,
      priority: 'INFO',
      payload: { n: 1 },
      timestamp: new Date('2026-11-21T03:15:14.446Z'),
      ...more,
    });

    it('come whole to every listener', async () => {
      const seen: ReceivedNotification[] = [];
      await listen((notification) => void seen.push(notification));
      await listen((notification) => void seen.push(notification));
      const sent = event('instance.create.end');
      await bus.notify(sent);
      await eventually(() => expect(seen).toHaveLength(2));
      expect(seen[0]).toEqual(seen[1]);
      expect(seen[0]).toMatchObject({
        messageId: sent.messageId,
        publisherId: 'nova-compute:h1',
        eventType: 'instance.create.end',
        priority: 'INFO',
        payload: { n: 1 },
        timestamp: '2026-11-21 03:15:14.446000',
        context: { user_id: 'alice', request_id: sent.ctx.requestId, auth_token: null, service_catalog: [] },
      });
    });

    it('come in order, only those asked for, one at a time', async () => {
      const seen: string[] = [];
      let running = 0;
      let most = 0;
      await listen(
        async ({ eventType }) => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(eventType);
          running--;
        },
        { eventTypes: ['instance.*.end', 'flavor.create'] },
      );
      for (const type of [
        'instance.create.start',
        'instance.create.end',
        'flavor.create',
        'flavor.createX',
        'instance.delete.end',
      ])
        await bus.notify(event(type));
      await eventually(() => expect(seen).toEqual(['instance.create.end', 'flavor.create', 'instance.delete.end']));
      expect(most).toBe(1);
    });

    it('come by priority and topic', async () => {
      const seen: string[] = [];
      await listen(({ eventType }) => void seen.push(`all ${eventType}`));
      await listen(({ eventType }) => void seen.push(`errors ${eventType}`), { priorities: ['error'] });
      await listen(({ eventType }) => void seen.push(`other ${eventType}`), { topics: [`${topic}_other`] });
      await bus.notify(event('a'));
      await bus.notify(event('b', { priority: 'ERROR' }));
      await eventually(() => expect(seen.sort()).toEqual(['all a', 'all b', 'errors b']));
    });

    it('go on after a handler failed', async () => {
      const seen: string[] = [];
      await listen(({ eventType }) => {
        seen.push(eventType);
        if (eventType === 'bad') throw new Error('no');
      });
      await bus.notify(event('bad'));
      await bus.notify(event('good'));
      await eventually(() => expect(seen).toContain('good'));
    });

    it('are published without any listener', async () => {
      await bus.notify(event('unheard'));
    });
  });
}
