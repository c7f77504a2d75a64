import { AmqpServer } from '../amqp/amqp-server.js';
import { MemoryServer } from '../memory/memory-server.js';
import type { BusServer, BusServerOptions, RequestHandler } from '../port/server-options.js';
import { driverOf } from './driver.js';

/** The serving side of one broker, without Nest. @throws AppError `messaging.url.scheme` for a URL of no known driver. */
export function createBusServer(options: BusServerOptions, handle: RequestHandler): BusServer {
  switch (driverOf(options.url)) {
    case 'memory':
      return new MemoryServer(options, handle);
    case 'amqp':
      return new AmqpServer(options, handle);
  }
}
