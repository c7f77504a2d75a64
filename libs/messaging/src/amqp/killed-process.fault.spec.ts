import { randomUUID } from 'node:crypto';
import { eventually, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { afterEach, describe, expect, it } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import { anyCast } from '../spec-support/any-message.js';
import { Child } from '../spec-support/child-process.js';
import { quietLog } from '../spec-support/quiet-log.js';

const broker = useBroker();

describe('a server that is killed', () => {
  const closers: Array<() => Promise<void>> = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  it('loses none of the casts that it was handling', async () => {
    const cell = 'kill';
    const child = Child.run('hanging-server.program.ts', [broker.url, cell]);
    closers.push(() => child.kill());
    await eventually(() => child.said('ready'));
    const bus = createMessageBus({ url: broker.url, cell, log: quietLog });
    closers.push(() => bus.close());
    const ids = Array.from({ length: 6 }, () => randomUUID());
    for (const messageId of ids) await bus.cast(systemCtx(), anyCast('m'), { topic: 'conductor' }, {}, { messageId });
    await eventually(() => ids.filter((id) => child.said(id)).length === 4);
    await child.kill();

    const handled = new Set<string>();
    const server = createBusServer(
      { url: broker.url, cell, topic: 'conductor', prefetch: 4, log: quietLog },
      async (_method, _args, delivery) => {
        handled.add(delivery.messageId);
      },
    );
    closers.push(() => server.close());
    await server.start();
    await eventually(() => expect([...handled].sort()).toEqual([...ids].sort()));
  });
});
