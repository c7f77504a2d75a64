import { AmqpBus } from '../amqp/amqp-bus.js';
import { MemoryBus } from '../memory/memory-bus.js';
import type { MessageBusOptions } from '../port/bus-options.js';
import type { MessageBus } from '../port/message-bus.js';
import { driverOf } from './driver.js';

/**
 * The sending side of one broker. Returns at once and connects in the background; the first send waits for it.
 * @throws AppError `messaging.url.scheme` for a URL of no known driver.
 */
export function createMessageBus(options: MessageBusOptions): MessageBus {
  switch (driverOf(options.url)) {
    case 'memory':
      return new MemoryBus(options);
    case 'amqp':
      return new AmqpBus(options);
  }
}
