import { systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import { createMessageBus } from '../bus/create-message-bus.js';
import { notificationContract } from '../notifications/notification.contract.js';
import type { NotificationMessage } from '../port/notification.js';

notificationContract('memory', () => 'memory://notifications');

it('makes nothing of a notification while nobody listens to its key', async () => {
  const bus = createMessageBus({ url: 'memory://nobody-listens', cell: 'c' });
  let read = 0;
  const message: NotificationMessage = {
    topic: 'notifications',
    messageId: 'm',
    publisherId: 'compute.h1',
    eventType: 'instance.update',
    priority: 'INFO',
    timestamp: new Date(0),
    ctx: systemCtx(),
    get payload() {
      read += 1;
      return {};
    },
  };
  await bus.notify(message);
  expect(read).toBe(0);
  await bus.close();
});
