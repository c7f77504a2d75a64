import { AmqpSubscription } from '../amqp/amqp-subscription.js';
import { driverOf } from '../bus/driver.js';
import { MemorySubscription } from '../memory/memory-subscription.js';
import type { NotificationHandler, NotificationSubscription, SubscriptionOptions } from './subscription.js';

/** Listens to notifications, ours or any oslo.messaging publisher's. Reconnects by itself until it is closed. */
export function subscribeNotifications(options: SubscriptionOptions, handler: NotificationHandler): NotificationSubscription {
  return driverOf(options.url) === 'memory' ? new MemorySubscription(options, handler) : new AmqpSubscription(options, handler);
}
