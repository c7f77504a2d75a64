import { randomUUID } from 'node:crypto';
import { eventually, TcpProxy, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { createMessageBus } from '../bus/create-message-bus.js';
import { notificationContract } from '../notifications/notification.contract.js';
import { subscribeNotifications } from '../notifications/subscribe-notifications.js';
import type { NotificationMessage } from '../port/notification.js';
import { quietLog } from '../spec-support/quiet-log.js';

const broker = useBroker();

notificationContract('amqp', () => broker.url);

describe('a named subscription', () => {
  const event = (topic: string, eventType: string): NotificationMessage => ({
    topic,
    ctx: systemCtx(),
    messageId: randomUUID(),
    publisherId: 'p',
    eventType,
    priority: 'INFO',
    payload: {},
    timestamp: new Date(),
  });

  it('gets what happened while nobody listened, and again what failed', async () => {
    const options = { url: broker.url, topics: ['named'], queue: 'billing', log: quietLog };
    const bus = createMessageBus({ url: broker.url, cell: 'api', notifyTimeoutMs: 20_000, log: quietLog });
    const first = subscribeNotifications(options, () => undefined);
    await first.ready();
    await first.close();
    await bus.notify(event('named', 'a'));
    await bus.notify(event('named', 'b'));
    const seen: string[] = [];
    const second = subscribeNotifications(options, ({ eventType }) => {
      seen.push(eventType);
      if (seen.length === 1) throw new Error('not yet');
    });
    await eventually(() => expect(seen.filter((type) => type === 'a')).toHaveLength(2));
    await eventually(() => expect(seen).toContain('b'));
    await second.close();
    await bus.close();
  });

  it('comes back after its connection was cut', async () => {
    const proxy = await TcpProxy.inFrontOf(broker.url);
    const bus = createMessageBus({ url: broker.url, cell: 'api', notifyTimeoutMs: 20_000, log: quietLog });
    const seen: string[] = [];
    const options = { url: proxy.through(broker.url), topics: ['cut'], queue: 'tail', log: quietLog };
    const subscription = subscribeNotifications(options, ({ eventType }) => void seen.push(eventType));
    await subscription.ready();
    proxy.cut();
    await bus.notify(event('cut', 'after'));
    await eventually(() => expect(seen).toContain('after'));
    await subscription.close();
    await bus.close();
    await proxy.close();
  });
});
