import { randomUUID } from 'node:crypto';
import { eventually, useBroker, useDatabase } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { connect } from 'amqplib';
import { afterEach, describe, expect, it } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import { Child } from '../spec-support/child-process.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { enqueueCasts } from './enqueue-casts.js';
import { OutboxRelay } from './outbox-relay.js';
import { OUTBOX_TABLE_SQL } from './outbox-table.js';

const broker = useBroker();
const database = useDatabase();

describe('a relay that is killed between publish and delete', () => {
  const closers: Array<() => Promise<void>> = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  it('leaves the rows; the next relay sends the messages again under the same ids', async () => {
    const cell = 'relay';
    const dataSource = await database.dataSource();
    await dataSource.query(OUTBOX_TABLE_SQL);
    const ids = Array.from({ length: 5 }, () => randomUUID());
    await enqueueCasts(
      dataSource,
      ids.map((messageId) => ({ messageId, target: { topic: 'conductor' }, method: 'm', args: {}, ctx: systemCtx() })),
    );

    const child = Child.run('dying-relay.program.ts', [broker.url, cell, database.url]);
    closers.push(() => child.kill());
    await child.exited;
    const raw = await connect(broker.url);
    closers.push(() => raw.close());
    const channel = await raw.createChannel();
    expect((await channel.checkQueue(`${cell}.conductor`)).messageCount).toBe(5);
    expect(await dataSource.query('SELECT count(*)::int AS rows FROM outbox')).toEqual([{ rows: 5 }]);

    const bus = createMessageBus({ url: broker.url, cell, log: quietLog });
    closers.push(() => bus.close());
    const relay = new OutboxRelay({ dataSource, bus, pollMs: 20, log: quietLog });
    closers.push(() => relay.stop());
    relay.start();
    await eventually(async () => expect((await relay.stats()).pending).toBe(0));
    expect((await channel.checkQueue(`${cell}.conductor`)).messageCount).toBe(10);

    const handled: string[] = [];
    const server = createBusServer(
      { url: broker.url, cell, topic: 'conductor', prefetch: 1, log: quietLog },
      async (_method, _args, { messageId }) => {
        handled.push(messageId);
      },
    );
    closers.push(() => server.close());
    await server.start();
    await eventually(() => expect(handled.length).toBeGreaterThanOrEqual(ids.length));
    await eventually(async () => expect((await channel.checkQueue(`${cell}.conductor`)).messageCount).toBe(0));
    await server.close(); // what was given to it last is answered by then
    expect(handled).toEqual(ids); // the second delivery of each finds it finished and is not run
  });
});
