import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import type { MessageBus } from '../port/message-bus.js';
import type { BusServer, BusServerOptions, RequestHandler } from '../port/server-options.js';
import { quietLog } from './quiet-log.js';

/** A bus and servers for each test of the enclosing `describe`, in a cell of their own, which keeps the tests apart. */
export class BusBench {
  bus!: MessageBus;
  cell = '';
  url = '';
  #servers: BusServer[] = [];

  /** `url` is asked once a test. */
  constructor(url: () => string) {
    beforeEach(() => {
      this.url = url();
      this.cell = `c${randomUUID().slice(0, 8)}`;
      this.bus = createMessageBus({ url: this.url, cell: this.cell, connectionName: 'contract', log: quietLog });
      this.#servers = [];
    });
    afterEach(async () => {
      await Promise.all(this.#servers.map((server) => server.close()));
      await this.bus.close();
    });
  }

  async serve(handle: RequestHandler, options: Partial<BusServerOptions> = {}): Promise<BusServer> {
    const common = { url: this.url, cell: this.cell, topic: 'conductor', prefetch: 8, log: quietLog } as const;
    const server = createBusServer({ ...common, retryDelaysMs: [20, 40], drainMs: 2_000, ...options }, handle);
    this.#servers.push(server);
    await server.start();
    return server;
  }
}
